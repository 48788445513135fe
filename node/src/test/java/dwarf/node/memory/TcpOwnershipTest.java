package dwarf.node.memory;

class TcpOwnershipTest extends OwnershipContract {

  TcpOwnershipTest() {
    super("tcp");
  }
}
