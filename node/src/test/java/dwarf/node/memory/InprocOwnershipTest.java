package dwarf.node.memory;

class InprocOwnershipTest extends OwnershipContract {

  InprocOwnershipTest() {
    super("inproc");
  }
}
