package dwarf.cli.db;

import dwarf.engine.ColumnFamilyDescriptor;
import dwarf.engine.ColumnFamilyHandle;
import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import dwarf.storage.RocksOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Names a database and says how to open it; the same options for every tool. */
public final class DatabaseArgs {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--db",
      paramLabel = "DIR",
      description = "Directory of the database; or give it as the first argument.")
  private Path directory;

  @Option(
      names = "--memory-node",
      paramLabel = "ADDRESS",
      description =
          "Memory node to use: host:port, or shm://name on this host. Without it one runs inside this"
              + " process.")
  private String memoryNode;

  @Option(
      names = "--storage-root",
      paramLabel = "DIR",
      description =
          "The shared directory that the workers know as --storage; the database must be below it."
              + " Default: the directory that holds the database.")
  private Path storageRoot;

  @Option(
      names = {"--column-family", "--cf"},
      paramLabel = "NAME",
      defaultValue = "default",
      description = "Column family (default: ${DEFAULT-VALUE}).")
  private String family;

  @Option(
      names = "--create-if-missing",
      description = "Create the database or the column family if it does not exist.")
  private boolean createIfMissing;

  @Option(
      names = "--take-over",
      description = "Take the database from an owner that may still be alive; it is shut out.")
  private boolean takeOver;

  @Option(
      names = "--write-buffer-size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Bytes of one memtable, like 64MiB (the default).")
  private Long writeBufferSize;

  @Option(
      names = "--max-write-buffer-number",
      paramLabel = "N",
      description = "Memtables' worth of local memory (default 2); more goes to the memory node.")
  private Integer maxWriteBufferNumber;

  @Option(
      names = "--min-write-buffer-number-to-merge",
      paramLabel = "N",
      description = "Frozen memtables that wait before they are flushed together (default 4).")
  private Integer minWriteBufferNumberToMerge;

  @Option(
      names = "--pool-size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Memory to use on the memory node; 0 for none.")
  private Long poolSize;

  @Option(
      names = "--rocksdb-options",
      paramLabel = "K=V;...",
      defaultValue = "",
      description = "RocksDB's DBOptions for the SST tier, as a RocksDB option string.")
  private String rocksOptions;

  @Option(
      names = "--rocksdb-cf-options",
      paramLabel = "K=V;...",
      defaultValue = "",
      description = "RocksDB's ColumnFamilyOptions for the SST tier.")
  private String rocksFamilyOptions;

  /** What the arguments of a tool mean once the database's directory is taken from them. */
  public record Target(Path directory, List<String> arguments) {}

  /** The directory from --db or the first argument; a usage error unless {@code least} remain. */
  public Target target(List<String> arguments, int least, int most) {
    List<String> all = arguments == null ? List.of() : arguments;
    if (directory == null && all.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "no database: give its directory as --db DIR or first argument");
    }
    Path where = directory == null ? Path.of(all.getFirst()) : directory;
    List<String> rest = directory == null ? all.subList(1, all.size()) : all;
    if (rest.size() < least || rest.size() > most) {
      String expected = least == most ? "" + least : least + " to " + most;
      throw new ParameterException(
          command.commandLine(),
          "expected " + expected + " arguments besides the database, got " + rest.size());
    }
    return new Target(where, rest);
  }

  /** Opens the database; {@code create} as if --create-if-missing had been given. */
  public OpenDatabase open(Path where, boolean create) {
    boolean creates = create || createIfMissing;
    Options options = options(creates);
    byte[] name = family.getBytes(StandardCharsets.UTF_8);
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    List<ColumnFamilyDescriptor> wanted =
        creates ? List.of(new ColumnFamilyDescriptor(name)) : List.of();
    DwarfDB db = DwarfDB.open(where, options, wanted, handles);
    try {
      return new OpenDatabase(
          db, handles.isEmpty() ? db.getColumnFamily(name) : handles.getFirst(), where);
    } catch (RuntimeException e) {
      db.close();
      throw e;
    }
  }

  private Options options(boolean creates) {
    Options options =
        new Options()
            .setCreateIfMissing(creates)
            .setCreateMissingColumnFamilies(creates)
            .setTakeOver(takeOver)
            .setMemoryNode(memoryNode)
            .setStorageRoot(storageRoot)
            .setRocksOptions(RocksOptions.parse(rocksOptions, rocksFamilyOptions));
    if (writeBufferSize != null) {
      options.setWriteBufferSize(writeBufferSize);
    }
    if (maxWriteBufferNumber != null) {
      options.setMaxWriteBufferNumber(maxWriteBufferNumber);
    }
    if (minWriteBufferNumberToMerge != null) {
      options.setMinWriteBufferNumberToMerge(minWriteBufferNumberToMerge);
    }
    if (poolSize != null) {
      options.setPoolSize(poolSize);
    }
    return options;
  }
}
