package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.util.List;
import java.util.UUID;

/** The files of one attempt, in key order; empty if every record of the range was dropped. */
public record FlushResult(
    UUID attempt, String workerName, List<SstFileInfo> files, long bytesRead, long bytesWritten)
    implements Message {

  @Override
  public void encode(WireWriter out) {
    out.putUuid(attempt).putString(workerName);
    Codec.putList(out, files);
    out.putLong(bytesRead).putLong(bytesWritten);
  }

  public static FlushResult decode(WireReader in) {
    UUID attempt = in.getUuid();
    String workerName = in.getString(Protocol.MAX_NAME_BYTES);
    List<SstFileInfo> files =
        Codec.getList(in, Protocol.MAX_TASK_FILES, SstFileInfo.LEAST_BYTES, SstFileInfo::decode);
    long bytesRead = Codec.getNotNegative(in, "bytesRead");
    return new FlushResult(
        attempt, workerName, files, bytesRead, Codec.getNotNegative(in, "bytesWritten"));
  }
}
