package dwarf.node.memory;

class TcpTaskFlowTest extends TaskFlowContract {

  TcpTaskFlowTest() {
    super("tcp");
  }
}
