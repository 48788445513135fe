package dwarf.node.memory;

class TcpDelegatedReadTest extends DelegatedReadContract {

  TcpDelegatedReadTest() {
    super("tcp");
  }
}
