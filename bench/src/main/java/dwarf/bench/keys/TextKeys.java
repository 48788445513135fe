package dwarf.bench.keys;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Keys as applications write them, such as {@code shop/eu/orders/blue-river/3f2k}: a path of one to
 * seven words chosen by a hash of the index, then the index in base 36. Lengths spread from under
 * ten to about seventy bytes with a long tail; many keys share a long prefix; their order has
 * nothing to do with that of the indexes.
 */
public final class TextKeys implements KeyCodec {

  private static final List<String> ROOTS =
      List.of(
          "user", "shop", "orders", "sensor", "session", "de.example.catalogue", "m", "invoice");

  private static final List<String> WORDS =
      List.of(
          "a",
          "eu",
          "blue",
          "river",
          "north",
          "2026",
          "profile",
          "settings",
          "item",
          "temperature",
          "x7",
          "archive",
          "preferences",
          "price",
          "monthly-statement",
          "log");

  private static final int MOST_WORDS = 6;
  private static final int RADIX = 36;

  @Override
  public byte[] encode(long index) {
    return text(index).getBytes(StandardCharsets.US_ASCII);
  }

  /** Ends with a character that no index has. */
  @Override
  public byte[] missing(long index) {
    return (text(index) + '~').getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(long index) {
    long hash = mix(index);
    StringBuilder key = new StringBuilder(80);
    key.append(ROOTS.get((int) (hash & 7)));
    hash >>>= 3;
    for (int words = 0; words < MOST_WORDS; words++) {
      boolean another = (hash & 3) != 0;
      hash >>>= 2;
      if (!another) {
        break;
      }
      key.append('/').append(WORDS.get((int) (hash & 15)));
      hash >>>= 4;
    }
    return key.append('/').append(Long.toString(index, RADIX)).toString();
  }

  /** The finalizer of SplitMix64: every bit of the index changes about half of the result's. */
  private static long mix(long index) {
    long z = index + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
