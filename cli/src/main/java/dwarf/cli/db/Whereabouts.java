package dwarf.cli.db;

import dwarf.base.ByteSize;
import dwarf.cli.text.Bar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where the data of a database is: local memory, disaggregated memory (DM), SST files. */
public record Whereabouts(long localBytes, long dmBytes, long sstBytes) {

  static final String SST_PROPERTY = "rocksdb.total-sst-files-size";
  private static final int WIDTH = 32;

  public static Whereabouts of(OpenDatabase target) {
    Map<String, Long> statistics = target.db().statistics();
    return new Whereabouts(
        statistics.getOrDefault("memory.local.bytes", 0L),
        statistics.getOrDefault("memory.dm.bytes", 0L),
        target.db().getLongProperty(target.family(), SST_PROPERTY));
  }

  /** Three bars on one scale. */
  public List<String> picture() {
    long whole = Math.max(1, localBytes + dmBytes + sstBytes);
    List<String> lines = new ArrayList<>();
    lines.add(line("local memory", localBytes, whole));
    lines.add(line("memory node ", dmBytes, whole));
    lines.add(line("SST files   ", sstBytes, whole));
    return lines;
  }

  private static String line(String where, long bytes, long whole) {
    return "  " + where + " [" + Bar.of(bytes, whole, WIDTH) + "] " + ByteSize.show(bytes);
  }
}
