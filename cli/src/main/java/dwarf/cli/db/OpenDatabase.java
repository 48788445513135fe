package dwarf.cli.db;

import dwarf.engine.ColumnFamilyHandle;
import dwarf.engine.DwarfDB;
import java.nio.file.Path;

/** A database that a tool has opened, with the one column family that it is about. */
public record OpenDatabase(DwarfDB db, ColumnFamilyHandle family, Path directory)
    implements AutoCloseable {

  @Override
  public void close() {
    db.close();
  }
}
