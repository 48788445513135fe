package dwarf.node.memory;

class ShmDelegatedReadTest extends DelegatedReadContract {

  ShmDelegatedReadTest() {
    super("shm");
  }
}
