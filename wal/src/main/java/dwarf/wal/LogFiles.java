package dwarf.wal;

import dwarf.base.DwarfException;
import dwarf.wal.io.Disk;
import dwarf.wal.io.DiskError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The names in a log directory, and the words for what fails there. */
record LogFiles(Disk disk, Path directory) {

  private static final int DIGITS = 20;
  private static final String SUFFIX = ".log";

  /** Ends the name of a segment that is not complete yet; such files are swept by recovery. */
  private static final String UNFINISHED = ".tmp";

  Path segment(long number) {
    return directory.resolve(name(number));
  }

  Path unfinished(long number) {
    return directory.resolve(name(number) + UNFINISHED);
  }

  /** The numbers of all segments, ascending. */
  List<Long> numbers() throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String name : disk.list(directory)) {
      long number = number(name);
      if (number > 0) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** Removes what a crash left of segments that never got their name. */
  void sweepUnfinished() throws IOException {
    for (String name : disk.list(directory)) {
      if (name.endsWith(SUFFIX + UNFINISHED)) {
        disk.delete(directory.resolve(name));
      }
    }
  }

  static DwarfException failed(String what, IOException cause) {
    if (cause instanceof DiskError error && error.isNoSpace()) {
      return new DwarfException(
          DwarfException.Kind.NO_SPACE, what + ": " + cause.getMessage() + "; make room", cause);
    }
    return DwarfException.io(what + ": " + cause, cause);
  }

  private static String name(long number) {
    return String.format(Locale.ROOT, "%0" + DIGITS + "d%s", number, SUFFIX);
  }

  /** The number in a segment's name; 0 if the file is no segment. */
  static long number(String name) {
    if (name.length() != DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      return 0;
    }
    long number = 0;
    for (int i = 0; i < DIGITS; i++) {
      char digit = name.charAt(i);
      if (digit < '0' || digit > '9' || number > Long.MAX_VALUE / 10 - 1) {
        return 0;
      }
      number = 10 * number + (digit - '0');
    }
    return number;
  }
}
