package dwarf.protocol;

import dwarf.base.DwarfException;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * A memory node and a worker inside this process, over the inproc fabric: what an engine uses when
 * it is told no memory node. Found with {@link ServiceLoader}, so that the engine does not depend
 * on the node module.
 */
public interface EmbeddedCluster {

  /**
   * Starts both, ready to be used.
   *
   * @param storageRoot the directory below which the worker may write
   * @param poolBytes size of the memory node's pool
   */
  Running start(Path storageRoot, long poolBytes, int workerSlots);

  /** A started cluster; its starter closes it after the last database that uses it. */
  interface Running extends AutoCloseable {

    Fabric fabric();

    FabricAddress memoryNode();

    @Override
    void close();
  }

  /** The implementation on the class path; NOT_SUPPORTED if there is none. */
  static EmbeddedCluster load() {
    return ServiceLoader.load(EmbeddedCluster.class)
        .findFirst()
        .orElseThrow(
            () ->
                DwarfException.notSupported(
                    "no embedded cluster on the class path: add the dwarf-node module, or name a"
                        + " memory node in the options"));
  }
}
