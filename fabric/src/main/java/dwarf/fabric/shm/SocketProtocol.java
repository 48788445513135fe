package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * What goes over the socket beside the greetings: single bytes {@link #WAKE} and {@link #PING}, and
 * at most once, as the last word, a farewell, little endian:
 *
 * <pre>
 *   0        4         5          6        8       8+n
 *   | magic  | version | type     | n      | text  | CRC |
 *   | "DWSM" | u8 = 1  | u8 = 3   | u16    | UTF-8 | CRC32C of what is before it
 * </pre>
 */
final class SocketProtocol {

  static final byte WAKE = 1;
  static final byte PING = 2;
  static final int FAREWELL = 3;
  static final int MOST_TEXT = 4096;
  static final int FAREWELL_HEAD = 8;
  static final int MOST_BYTES = FAREWELL_HEAD + MOST_TEXT + Integer.BYTES;

  private static final byte MAGIC_START = (byte) Greeting.MAGIC;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private SocketProtocol() {}

  static ByteBuffer farewell(String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] sent = Arrays.copyOf(text, Math.min(text.length, MOST_TEXT));
    int size = FAREWELL_HEAD + sent.length + Integer.BYTES;
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(Greeting.MAGIC).put((byte) Greeting.VERSION).put((byte) FAREWELL);
    out.putShort((short) sent.length).put(sent);
    out.putInt(Greeting.crc(out.array(), out.position()));
    return out.flip();
  }

  /** Whether the bytes begin with a farewell rather than with a greeting. */
  static boolean isFarewell(byte[] bytes, int length) {
    return length > Greeting.TYPE_AT && bytes[Greeting.TYPE_AT] == FAREWELL;
  }

  /** The text of a farewell, null if it is not whole yet; CORRUPTION if it is damaged. */
  static String farewellText(byte[] bytes, int from, int to) {
    if (to - from < FAREWELL_HEAD) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from).slice().order(ByteOrder.LITTLE_ENDIAN);
    int length = in.getShort(6) & 0xffff;
    if (in.getInt(0) != Greeting.MAGIC || in.get(5) != FAREWELL || length > MOST_TEXT) {
      throw Greeting.malformed("neither a wake-up nor a farewell");
    }
    int crcAt = FAREWELL_HEAD + length;
    if (in.capacity() < crcAt + Integer.BYTES) {
      return null;
    }
    byte[] summed = Arrays.copyOfRange(bytes, from, from + crcAt);
    if (in.getInt(crcAt) != Greeting.crc(summed, crcAt)) {
      throw Greeting.malformed("checksum of a farewell does not match");
    }
    String text = new String(summed, FAREWELL_HEAD, length, StandardCharsets.UTF_8);
    return CONTROL.matcher(text).replaceAll("?");
  }

  /** How many bytes from {@code from} on are wake-ups and pings. */
  static int signals(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && (bytes[at] == WAKE || bytes[at] == PING)) {
      at++;
    }
    if (at < to && bytes[at] != MAGIC_START) {
      throw Greeting.malformed("unknown signal " + bytes[at]);
    }
    return at - from;
  }

  /**
   * Sends as much as the socket takes without waiting: if it is full of signals, the peer has
   * enough of them to wake up.
   */
  static void send(SocketChannel socket, ByteBuffer bytes) {
    try {
      int unused = socket.write(bytes);
    } catch (IOException e) {
      // The peer has gone; reading from the socket tells so, in its place.
      return;
    }
  }

  static DwarfException sentAway(String text) {
    return DwarfException.unavailable("the peer ended the connection: " + text);
  }
}
