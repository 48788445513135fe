package dwarf.evaluate.catalog;

/**
 * What others published about such a workload, or what this project aims at. It is shown beside
 * what was measured here, and no more: the others' machines, network and settings are not these.
 *
 * @param text the figure
 * @param setting where it comes from
 */
public record Claim(String text, String setting) {

  private static final String O3 =
      "O3-LSM (SIGMOD 2026) against Disaggregated-RocksDB, on its authors' cluster";

  static final Claim WRITES = new Claim("4.5 times", O3 + "; writes");
  static final Claim RANGES = new Claim("5.2 times", O3 + "; range queries");
  static final Claim POINTS = new Claim("1.8 times", O3 + "; point lookups");
  static final Claim WRITE_P99 = new Claim("0.24 times", O3 + "; p99 lower by 76 %");
  static final Claim SUSTAINED =
      new Claim(
          "2.36 times", "DwaRF against Disaggregated-RocksDB, on its authors' cluster; throughput");

  private static final String GOAL = "a goal of this project";

  static Claim atLeast(double ratio) {
    return new Claim("at least " + ratio, GOAL);
  }

  static Claim atMost(double ratio) {
    return new Claim("at most " + ratio, GOAL);
  }
}
