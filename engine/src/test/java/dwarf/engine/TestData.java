package dwarf.engine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** Keys, values and options that several tests share. */
final class TestData {

  private static final int NEVER = 1000;

  private TestData() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The same bytes for the same seed, not compressible, not equal for two seeds. */
  static byte[] randomBytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Small memtables that stay in disaggregated memory until somebody asks for a flush. */
  static Options keepInDm(TestCluster cluster, Path storageRoot) {
    return new Options()
        .setCreateIfMissing(true)
        .setMemoryNode(cluster.address())
        .setStorageRoot(storageRoot)
        .setWriteBufferSize(128 << 10)
        .setMinWriteBufferNumberToMerge(NEVER);
  }

  static long statistic(DwarfDB db, String name) {
    Map<String, Long> all = db.statistics();
    Long value = all.get(name);
    if (value == null) {
      throw new AssertionError("no statistic " + name + " in " + all.keySet());
    }
    return value;
  }

  static byte[] repeated(char letter, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) letter);
    return bytes;
  }
}
