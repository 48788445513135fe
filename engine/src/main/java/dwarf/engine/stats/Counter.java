package dwarf.engine.stats;

/** What the engine counts. Byte counts are bytes, times are microseconds, all since open. */
public enum Counter {
  WRITE_BATCHES("write.batches", "batches committed"),
  WRITE_RECORDS("write.records", "records committed"),
  WRITE_GROUPS("write.groups", "commit groups; batches divided by this is the mean group size"),
  WRITE_BYTES("write.bytes", "bytes of committed records, as memtables hold them"),
  WAL_BYTES("wal.bytes", "bytes appended to the WAL"),
  WAL_SYNCS("wal.syncs", "WAL syncs"),
  STALL_LOCAL_MEMORY("stall.local-memory.micros", "writers waited for local memtable memory"),
  STALL_DM("stall.dm.micros", "writers waited because DM was full, or slowed down before it was"),
  STALL_L0_FILES("stall.l0-files.micros", "writers waited for level-0 files to be compacted"),
  STALL_COMPACTION("stall.pending-compaction.micros", "writers waited for pending compaction"),
  MEMTABLES_SEALED("memtables.sealed", "memtables frozen"),
  OFFLOAD_MEMTABLES("offload.memtables", "memtables shipped to disaggregated memory"),
  OFFLOAD_BYTES_USED("offload.bytes.used", "log bytes of the memtables shipped"),
  OFFLOAD_BYTES_SHIPPED("offload.bytes.shipped", "bytes sent to memory nodes for them"),
  OFFLOAD_REFUSED("offload.refused", "memtables a memory node had no room for"),
  OFFLOAD_FAILED("offload.failed", "memtables whose shipping failed"),
  LOCAL_BYTES_FREED("memory.local.freed.bytes", "local memtable memory given back"),
  READS_MEMTABLE("reads.memtable", "gets answered by a local memtable"),
  READS_TIER("reads.sst", "gets answered by the SST tier"),
  READS_DELEGATED("reads.delegated", "read requests answered by a memory node's CPU"),
  READS_BATCHED("reads.delegated.batched", "keys of multi-gets that shared a delegated request"),
  READS_ONE_SIDED("reads.one-sided", "gets and walks answered by reading blocks of DM one-sided"),
  READS_LOCAL_COPY("reads.local-copy", "gets answered by a shard fetched back"),
  READS_FILTERED("reads.filtered", "DM memtables skipped by range or bloom filter"),
  READS_RETRIED("reads.retried", "remote reads retried after an unknown outcome"),
  FETCH_BACKS("fetch-back.shards", "shards brought home"),
  FLUSH_JOBS("flush.jobs", "flush jobs installed"),
  FLUSH_TASKS_REMOTE("flush.tasks.remote", "flush tasks run by workers"),
  FLUSH_TASKS_LOCAL("flush.tasks.local", "flush tasks run by the owner"),
  FLUSH_TASKS_RETRIED("flush.tasks.retried", "remote attempts given up and run again"),
  FLUSH_BYTES("flush.bytes", "bytes of SST files installed"),
  MEMTABLES_REBUILT("rebuild.memtables", "memtables rebuilt from the WAL"),
  MEMTABLES_REATTACHED("recovery.memtables.reattached", "memtables found in DM at open"),
  RECOVERY_RECORDS("recovery.records", "records replayed from the WAL at open"),
  RECOVERY_MICROS("recovery.micros", "time open spent on recovery");

  private final String text;
  private final String help;

  Counter(String text, String help) {
    this.text = text;
    this.help = help;
  }

  /** The name under which the counter is reported. */
  public String text() {
    return text;
  }

  public String help() {
    return help;
  }
}
