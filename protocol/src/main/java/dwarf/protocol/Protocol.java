package dwarf.protocol;

/** The version of the protocol and the bounds every message keeps. */
public final class Protocol {

  /** Told in HELLO; a node refuses every other version. */
  public static final int VERSION = 1;

  /** Most shards one read may name. */
  public static final int MAX_HANDLES = 4096;

  /** Most keys of one multi-get. */
  public static final int MAX_KEYS = 4096;

  /** Most rows of one scan reply. */
  public static final int MAX_ROWS = 65_536;

  /** Most shards one database may keep on one node, so that an inventory fits one reply. */
  public static final int MAX_SHARDS_PER_DATABASE = 16_384;

  /** Longest name (of a column family, a worker, a version). */
  public static final int MAX_NAME_BYTES = 4096;

  /** Longest relative path. */
  public static final int MAX_PATH_BYTES = 4096;

  /** Longest error text a worker may hand on. */
  public static final int MAX_ERROR_BYTES = 16 << 10;

  /** Most memtables one flush task merges. */
  public static final int MAX_TASK_MEMTABLES = 256;

  /** Most files one flush task produces. */
  public static final int MAX_TASK_FILES = 1024;

  /** Values from this size on are not sent in a reply but read one-sided. */
  public static final int LARGE_VALUE_BYTES = 8 << 20;

  /** A reply of many values ends once it holds this many bytes. */
  public static final int MAX_REPLY_BYTES = 4 << 20;

  private Protocol() {}
}
