package dwarf.node.memory;

class InprocTaskFlowTest extends TaskFlowContract {

  InprocTaskFlowTest() {
    super("inproc");
  }
}
