package dwarf.evaluate.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * The only command line that is published with O3-LSM, and settings that may suit the peer better.
 */
final class Published {

  private static final long MIB = 1L << 20;

  private Published() {}

  static Scenario all(Scale scale) {
    Load load =
        scale
            .timedWrites("fillrandom")
            .withCommon("value_size", 64)
            .withCommon("threads", 16)
            .withCommon("disable_wal", true)
            .withCommon("disable_auto_compactions", true)
            .withOurs("min_write_buffer_number_to_merge", 8);
    Experiment published =
        Experiment.of(
                "published",
                "The published command line",
                "Keys of 16 and values of 64 bytes, 16 threads, no log, no compactions, eight memtables"
                    + " merged. Memtables of "
                    + scale.writeBufferBytes() / MIB
                    + " instead of 64 MiB, two local and eight in DM.",
                scale.single().withPool(8 * scale.writeBufferBytes()),
                load)
            .claiming("fillrandom", Claim.WRITES);
    return new Scenario(
        "published",
        "The published setting",
        "The only command line that is published with O3-LSM, scaled to this machine.",
        List.of(published));
  }

  /** What was tried so that the peer is not held back by its options. Both engines get them. */
  static Scenario peerOptions(Scale scale) {
    List<Experiment> experiments = new ArrayList<>();
    Load usual = scale.timedWrites("fillrandom").withCommon("disable_wal", true);
    add(experiments, scale, "4 jobs", usual.withCommon("max_background_jobs", 4));
    add(experiments, scale, "no compression", usual.withCommon("compression_type", "none"));
    add(experiments, scale, "lz4", usual.withCommon("compression_type", "lz4"));
    add(
        experiments,
        scale,
        "4 memtables of half the size",
        usual
            .withPeer("write_buffer_size", scale.writeBufferBytes() / 2)
            .withPeer("max_write_buffer_number", 4));
    add(
        experiments,
        scale,
        "2 memtables merged of 4",
        usual
            .withPeer("write_buffer_size", scale.writeBufferBytes() / 2)
            .withPeer("max_write_buffer_number", 4)
            .withPeer("min_write_buffer_number_to_merge", 2));
    return new Scenario(
        "peer-options",
        "Other options for the peer",
        "Sustained random writes with options of RocksDB that may suit it better; memory is the same.",
        experiments);
  }

  private static void add(List<Experiment> to, Scale scale, String option, Load load) {
    Sweep sweep = new Sweep("peer", "Options", option, to.size());
    to.add(Experiment.of(sweep, scale.single(), load));
  }
}
