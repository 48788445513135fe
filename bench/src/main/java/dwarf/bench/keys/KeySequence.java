package dwarf.bench.keys;

/** The indexes of the keys one thread touches, in order, without end. */
@FunctionalInterface
public interface KeySequence {

  long next();

  /** Counts up from {@code first}, and from 0 again after {@code count - 1}. */
  static KeySequence ascending(long first, long count) {
    return new KeySequence() {
      private long at = first;

      @Override
      public long next() {
        long index = at;
        at = at + 1 == count ? 0 : at + 1;
        return index;
      }
    };
  }
}
