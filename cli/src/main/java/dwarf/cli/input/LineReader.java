package dwarf.cli.input;

import dwarf.base.DwarfException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of bytes, ended by LF or CR LF (or the end of the input). Lines are bounded: of a longer
 * one {@link #next} reads past the rest and {@link #wasTooLong} is true.
 */
final class LineReader implements AutoCloseable {

  static final int MAX_LINE_BYTES = 64 << 20;
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final InputStream in;
  private final int maxLineBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;
  private long line;
  private boolean tooLong;

  LineReader(String name, InputStream in) {
    this(name, in, MAX_LINE_BYTES);
  }

  LineReader(String name, InputStream in, int maxLineBytes) {
    this.name = name;
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /** The next line without its end, or null after the last. */
  byte[] next() {
    tooLong = false;
    ByteArrayOutputStream text = null;
    while (fill()) {
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      boolean ended = end < to;
      text = text == null ? new ByteArrayOutputStream(end - from + 16) : text;
      keep(text, end - from);
      from = ended ? end + 1 : end;
      if (ended) {
        break;
      }
    }
    if (text == null) {
      return null;
    }
    line++;
    return withoutCarriageReturn(text.toByteArray());
  }

  private void keep(ByteArrayOutputStream text, int length) {
    if (text.size() + length > maxLineBytes) {
      tooLong = true;
      text.reset();
    }
    if (!tooLong) {
      text.write(buffer, from, length);
    }
  }

  private static byte[] withoutCarriageReturn(byte[] text) {
    boolean ends = text.length > 0 && text[text.length - 1] == '\r';
    return ends ? Arrays.copyOf(text, text.length - 1) : text;
  }

  private boolean fill() {
    if (from < to) {
      return true;
    }
    try {
      from = 0;
      to = Math.max(0, in.read(buffer));
    } catch (IOException e) {
      throw DwarfException.io("cannot read " + name + " after line " + line + ": " + e, e);
    }
    return to > 0;
  }

  /** Number of the line that {@link #next} returned last, from 1. */
  long line() {
    return line;
  }

  boolean wasTooLong() {
    return tooLong;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw DwarfException.io("cannot close " + name + ": " + e, e);
    }
  }
}
