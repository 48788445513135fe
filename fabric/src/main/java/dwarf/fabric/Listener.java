package dwarf.fabric;

/** An address where peers are accepted. Closing it also closes the connections it accepted. */
public interface Listener extends AutoCloseable {

  /** The address to connect to: where port 0 was asked for, the port that was chosen. */
  FabricAddress address();

  @Override
  void close();
}
