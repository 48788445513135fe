package dwarf.fabric;

/** How a transport is found: implementations are listed for {@link java.util.ServiceLoader}. */
public interface FabricProvider {

  String scheme();

  Fabric open(FabricOptions options);
}
