package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import dwarf.fabric.RemoteKey;

/**
 * One shard's memory on a memory node and the right to use it.
 *
 * @param readKey null until the shard is sealed
 * @param writeKey null once the shard is sealed
 * @param bytes exact length of the image
 */
public record RemoteShard(
    ShardKey key, ShardHandle handle, RemoteKey readKey, RemoteKey writeKey, long bytes)
    implements Message {

  static final int LEAST_BYTES = ShardKey.BYTES + ShardHandle.BYTES + 2 + 8;

  public boolean isSealed() {
    return readKey != null;
  }

  @Override
  public void encode(WireWriter out) {
    key.encode(out);
    handle.encode(out);
    Codec.putOptionalKey(out, readKey);
    Codec.putOptionalKey(out, writeKey);
    out.putLong(bytes);
  }

  public static RemoteShard decode(WireReader in) {
    ShardKey key = ShardKey.decode(in);
    ShardHandle handle = ShardHandle.decode(in);
    RemoteKey readKey = Codec.getOptionalKey(in);
    RemoteKey writeKey = Codec.getOptionalKey(in);
    return new RemoteShard(key, handle, readKey, writeKey, Codec.getNotNegative(in, "bytes"));
  }
}
