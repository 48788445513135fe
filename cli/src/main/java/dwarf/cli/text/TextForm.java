package dwarf.cli.text;

import dwarf.base.DwarfException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How keys and values look on the command line, in files and on standard output. */
public enum TextForm {
  /** The bytes themselves. */
  PLAIN {
    @Override
    public byte[] parse(byte[] text) {
      return text.clone();
    }

    @Override
    public byte[] show(byte[] bytes) {
      return bytes.clone();
    }
  },
  /**
   * Readable and reversible: UTF-8 text as it is; tab, line feed, carriage return and backslash as
   * \t, \n, \r and \\; control characters and bytes that are not UTF-8 as \xNN.
   */
  ESCAPE {
    @Override
    public byte[] parse(byte[] text) {
      return Escapes.undo(text);
    }

    @Override
    public byte[] show(byte[] bytes) {
      return Escapes.apply(bytes);
    }
  },
  /** Two hexadecimal digits a byte. */
  HEX {
    @Override
    public byte[] parse(byte[] text) {
      String digits = new String(text, StandardCharsets.US_ASCII);
      try {
        return HexFormat.of().parseHex(digits);
      } catch (IllegalArgumentException e) {
        throw new DwarfException(
            DwarfException.Kind.INVALID_ARGUMENT, "'" + digits + "' is not pairs of hex digits", e);
      }
    }

    @Override
    public byte[] show(byte[] bytes) {
      return HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
    }
  };

  /** The bytes that {@code text} stands for; INVALID_ARGUMENT if it stands for none. */
  public abstract byte[] parse(byte[] text);

  /** The text that stands for {@code bytes}. */
  public abstract byte[] show(byte[] bytes);

  public byte[] parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /** {@code bytes} if they are UTF-8 text, otherwise null. */
  public static String utf8OrNull(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
