package dwarf.memtable;

/** A lane without memory behind it: places are taken and shown, and nothing is written there. */
public final class BareLane {

  private static final int BYTES = 1 << 20;
  private static final long RECORD_BYTES = 40;

  /** For tables that never ask it for anything. */
  private static final SlabPool UNUSED = new SlabPool(BYTES, BYTES);

  private BareLane() {}

  public static WriteLane open() {
    MemTable table = new MemTable(UNUSED, BYTES, 1);
    return new WriteLane(table, null, LogPosition.START, BYTES, BYTES);
  }

  public static long take(WriteLane lane) {
    return lane.take(RECORD_BYTES, 1);
  }

  public static void close(WriteLane lane) {
    lane.close();
  }

  /** Where a record that was taken ends. */
  public static long behind(long place) {
    return place + LogPosition.step(RECORD_BYTES, 1);
  }
}
