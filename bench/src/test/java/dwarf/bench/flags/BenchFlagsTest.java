package dwarf.bench.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.bench.Bench;
import dwarf.bench.load.Workload;
import dwarf.bench.rocks.TierOptions;
import dwarf.engine.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.ColumnFamilyOptions;
import picocli.CommandLine.ParameterException;

class BenchFlagsTest {

  private static final String MERGED = "min_write_buffer_number_to_merge";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--benchmarks=fillsec",
        "--benchmarks=,",
        "--benchmarks=fillseq[Y3]",
        "--benchmarks=fillseq[X0]",
        "--engine=leveldb",
        "--num=0",
        "--num=many",
        "--num=3000000000",
        "--threads=0",
        "--duration=-1",
        "--key_size=0",
        "--key_size=2",
        "--value_size=12X",
        "--value_size=-1",
        "--batch_size=0",
        "--seek_nexts=-1",
        "--readwritepercent=101",
        "--compression_ratio=0",
        "--ops_per_sec=-5",
        "--key_distribution=gaussian",
        "--compression_type=rar",
        "--write_buffer_size=1",
        "--max_write_buffer_number=1",
        "--min_write_buffer_number_to_merge=0",
        "--cache_size=-1",
        "--max_shards=65",
        "--pool_size=-2",
        "--use_existing_db",
        "--sync=perhaps",
        "--compare=/no/such/file",
        "--no_such_flag=1"
      })
  void wrongFlagsAreRefused(String flag) {
    assertThatThrownBy(() -> Bench.flags(flag).check()).isInstanceOf(ParameterException.class);
  }

  @Test
  void syncNeedsALog() {
    assertThatThrownBy(() -> Bench.flags("--sync", "--disable_wal").check())
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("--disable_wal");
  }

  @Test
  void truthIsSpelledAsInDbBench() {
    for (String yes : new String[] {"--sync", "--sync=1", "--sync=true", "--sync=yes"}) {
      assertThat(workload(yes).durability().sync()).as(yes).isTrue();
    }
    assertThat(workload("--sync=0").durability().sync()).isFalse();
    assertThat(workload("--num=5").durability().sync()).isFalse();
  }

  @Test
  void countsDefaultToNum() {
    Workload.Amounts amounts = workload("--num=77", "--reads=5").amounts();
    assertThat(amounts.writes()).isEqualTo(77);
    assertThat(amounts.deletes()).isEqualTo(77);
    assertThat(amounts.reads()).isEqualTo(5);
  }

  @Test
  void allFlagsAreTold() {
    BenchFlags flags = Bench.flags("--value_size=1K", "--disable_auto_compactions");
    flags.check();
    assertThat(flags.values())
        .containsEntry("value_size", "1024")
        .containsEntry("disable_auto_compactions", "true")
        .containsEntry("compression_type", "snappy")
        .containsEntry("engine", "dwarf")
        .containsKeys("db", "json", "pool_size", "ops_per_sec", "benchmarks")
        .doesNotContainKey("help");
    assertThat(flags.values().get("seed")).isNotEqualTo("0");
  }

  @Test
  void eachEngineMergesAsManyMemtablesAsByItselfUnlessTold() {
    BenchFlags ours = merging("--engine=dwarf");
    int byItself = new Options().minWriteBufferNumberToMerge();
    assertThat(ours.tier().apply(new Options()).minWriteBufferNumberToMerge()).isEqualTo(byItself);
    assertThat(ours.values()).containsEntry(MERGED, "" + byItself);
    try (TierOptions peers = merging("--engine=rocksdb").tier().options();
        ColumnFamilyOptions untouched = new ColumnFamilyOptions()) {
      assertThat(peers.family().minWriteBufferNumberToMerge())
          .isEqualTo(untouched.minWriteBufferNumberToMerge());
    }
    for (String engine : new String[] {"--engine=dwarf", "--engine=rocksdb"}) {
      BenchFlags told = merging(engine, "--" + MERGED + "=3");
      assertThat(told.values()).as(engine).containsEntry(MERGED, "3");
      assertThat(told.tier().apply(new Options()).minWriteBufferNumberToMerge()).isEqualTo(3);
    }
  }

  private static BenchFlags merging(String... arguments) {
    BenchFlags flags = Bench.flags(arguments);
    flags.check();
    return flags;
  }

  private static Workload workload(String... arguments) {
    BenchFlags flags = Bench.flags(arguments);
    flags.check();
    return flags.workload().workload();
  }
}
