package dwarf.systemtests;

import dwarf.engine.DwarfDB;
import java.nio.file.Path;

/**
 * Writes until the disk refuses, sees that everything can still be read, tells what it promised,
 * and dies. Arguments: the disk, the {@link FillingDatabase.Shape}.
 */
final class FillMain {

  static final String PROMISED = "promised ";

  /** So many writes before the disk is full: they find space ahead for the log. */
  private static final int EARLY_WRITES = 500;

  private FillMain() {}

  public static void main(String[] args) throws Exception {
    FillingDatabase database =
        new FillingDatabase(Path.of(args[0]), FillingDatabase.Shape.parse(args[1]));
    DwarfDB db = database.open();
    for (int i = 0; i < EARLY_WRITES; i++) {
      FillingDatabase.check(database.write(db) == null, "a write was refused while there was room");
    }
    database.takeRoom();
    database.writeUntilRefused(db);
    database.verify(db);
    database.tryToFlush(db);
    database.verify(db);
    System.out.println(PROMISED + database.promises());
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
