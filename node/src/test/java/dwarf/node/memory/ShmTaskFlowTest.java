package dwarf.node.memory;

class ShmTaskFlowTest extends TaskFlowContract {

  ShmTaskFlowTest() {
    super("shm");
  }
}
