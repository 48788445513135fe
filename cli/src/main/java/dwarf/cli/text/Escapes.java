package dwarf.cli.text;

import dwarf.base.DwarfException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The backslash escapes of {@link TextForm#ESCAPE}. */
final class Escapes {

  private static final HexFormat HEX = HexFormat.of();

  private Escapes() {}

  static byte[] apply(byte[] bytes) {
    boolean text = TextForm.utf8OrNull(bytes) != null;
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 16);
    for (byte b : bytes) {
      switch (b) {
        case '\t' -> ascii(out, "\\t");
        case '\n' -> ascii(out, "\\n");
        case '\r' -> ascii(out, "\\r");
        case '\\' -> ascii(out, "\\\\");
        default -> {
          boolean control = (b >= 0 && b < 0x20) || b == 0x7f;
          if (control || (b < 0 && !text)) {
            ascii(out, "\\x" + HEX.toHexDigits(b));
          } else {
            out.write(b);
          }
        }
      }
    }
    return out.toByteArray();
  }

  static byte[] undo(byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length);
    int at = 0;
    while (at < text.length) {
      if (text[at] != '\\') {
        out.write(text[at++]);
        continue;
      }
      if (at + 1 == text.length) {
        throw DwarfException.invalid("a lone backslash at the end; write it as \\\\");
      }
      at = undoOne(text, at, out);
    }
    return out.toByteArray();
  }

  private static int undoOne(byte[] text, int at, ByteArrayOutputStream out) {
    switch (text[at + 1]) {
      case 't' -> out.write('\t');
      case 'n' -> out.write('\n');
      case 'r' -> out.write('\r');
      case '\\' -> out.write('\\');
      case 'x' -> {
        if (at + 3 >= text.length
            || !HexFormat.isHexDigit(text[at + 2])
            || !HexFormat.isHexDigit(text[at + 3])) {
          throw DwarfException.invalid("\\x must be followed by two hex digits");
        }
        out.write(HexFormat.fromHexDigit(text[at + 2]) << 4 | HexFormat.fromHexDigit(text[at + 3]));
        return at + 4;
      }
      default ->
          throw DwarfException.invalid(
              "unknown escape \\" + (char) text[at + 1] + "; known are \\t \\n \\r \\\\ \\xNN");
    }
    return at + 2;
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
