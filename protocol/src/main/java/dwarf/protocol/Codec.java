package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import dwarf.fabric.RemoteKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The field shapes that several messages share. */
final class Codec {

  private Codec() {}

  static void putList(WireWriter out, List<? extends Message> list) {
    out.putInt(list.size());
    for (Message element : list) {
      element.encode(out);
    }
  }

  /** A list of at most {@code most} elements of at least {@code leastBytes} each. */
  static <T> List<T> getList(
      WireReader in, int most, int leastBytes, Function<WireReader, T> element) {
    int count = in.getCount(leastBytes);
    if (count > most) {
      throw in.damaged("list of " + count + " elements: at most " + most + " are allowed");
    }
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(element.apply(in));
    }
    return List.copyOf(list);
  }

  static void putFlag(WireWriter out, boolean flag) {
    out.putByte(flag ? 1 : 0);
  }

  static boolean getFlag(WireReader in) {
    int flag = in.getUnsignedByte();
    if (flag > 1) {
      throw in.damaged("flag is " + flag + ", not 0 or 1");
    }
    return flag == 1;
  }

  static void putOptionalBytes(WireWriter out, byte[] bytes) {
    putFlag(out, bytes != null);
    if (bytes != null) {
      out.putBytes(bytes);
    }
  }

  static byte[] getOptionalBytes(WireReader in, int maxLength) {
    return getFlag(in) ? in.getBytes(maxLength) : null;
  }

  static void putOptionalKey(WireWriter out, RemoteKey key) {
    putOptionalBytes(out, key == null ? null : key.bytes());
  }

  static RemoteKey getOptionalKey(WireReader in) {
    byte[] bytes = getOptionalBytes(in, RemoteKey.MAX_BYTES);
    if (bytes == null) {
      return null;
    }
    if (bytes.length == 0) {
      throw in.damaged("a remote key has no bytes");
    }
    return new RemoteKey(bytes);
  }

  static long getNotNegative(WireReader in, String field) {
    long value = in.getLong();
    if (value < 0) {
      throw in.damaged(field + " is negative: " + value);
    }
    return value;
  }

  static int getNotNegativeInt(WireReader in, String field) {
    int value = in.getInt();
    if (value < 0) {
      throw in.damaged(field + " is negative: " + value);
    }
    return value;
  }

  static void putMillis(WireWriter out, Duration duration) {
    out.putLong(Math.max(0, duration.toMillis()));
  }

  static Duration getMillis(WireReader in, String field) {
    return Duration.ofMillis(getNotNegative(in, field));
  }
}
