package dwarf.node.memory;

class ShmOwnershipTest extends OwnershipContract {

  ShmOwnershipTest() {
    super("shm");
  }
}
