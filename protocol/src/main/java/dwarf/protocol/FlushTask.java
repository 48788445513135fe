package dwarf.protocol;

import dwarf.base.Limits;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.util.List;
import java.util.UUID;

/**
 * One key range of one flush job, for one worker to try once.
 *
 * @param task number of the task within its job
 * @param attempt names this try and, through it, its files; never reused
 * @param stageDir where the files go, relative to the storage root
 * @param optionsFile an immutable RocksDB OPTIONS file, relative to the storage root
 * @param start first key of the range, null for no bound
 * @param end first key behind the range, null for no bound
 * @param newestFirst the memtables to merge, each with its shards that touch the range
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never changed
public record FlushTask(
    UUID database,
    long epoch,
    int family,
    String familyName,
    long job,
    int task,
    UUID attempt,
    String stageDir,
    String optionsFile,
    byte[] start,
    byte[] end,
    List<MemtableShards> newestFirst)
    implements Message {

  @Override
  public void encode(WireWriter out) {
    out.putUuid(database).putLong(epoch).putInt(family).putString(familyName);
    out.putLong(job).putInt(task).putUuid(attempt);
    out.putString(stageDir).putString(optionsFile);
    Codec.putOptionalBytes(out, start);
    Codec.putOptionalBytes(out, end);
    Codec.putList(out, newestFirst);
  }

  public static FlushTask decode(WireReader in) {
    UUID database = in.getUuid();
    long epoch = in.getLong();
    int family = in.getInt();
    String familyName = in.getString(Protocol.MAX_NAME_BYTES);
    long job = in.getLong();
    int task = Codec.getNotNegativeInt(in, "task");
    UUID attempt = in.getUuid();
    String stageDir = in.getString(Protocol.MAX_PATH_BYTES);
    String optionsFile = in.getString(Protocol.MAX_PATH_BYTES);
    byte[] start = Codec.getOptionalBytes(in, Limits.MAX_KEY_BYTES);
    byte[] end = Codec.getOptionalBytes(in, Limits.MAX_KEY_BYTES);
    List<MemtableShards> memtables =
        Codec.getList(
            in, Protocol.MAX_TASK_MEMTABLES, MemtableShards.LEAST_BYTES, MemtableShards::decode);
    return new FlushTask(
        database,
        epoch,
        family,
        familyName,
        job,
        task,
        attempt,
        stageDir,
        optionsFile,
        start,
        end,
        memtables);
  }
}
