package dwarf.node.memory;

class InprocDelegatedReadTest extends DelegatedReadContract {

  InprocDelegatedReadTest() {
    super("inproc");
  }
}
