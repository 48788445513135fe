package dwarf.systemtests.model;

import java.io.Serializable;
import java.util.List;

/**
 * One call of the database's API. Snapshots and iterators go by numbers that the caller gives them;
 * {@link #NO_SNAPSHOT} reads the present.
 */
sealed interface Request extends Serializable {

  int NO_SNAPSHOT = -1;

  enum Kind {
    PUT,
    DELETE,
    SINGLE_DELETE
  }

  enum Move {
    FIRST,
    LAST,
    SEEK,
    SEEK_FOR_PREV,
    NEXT,
    PREV
  }

  /** One record of a write; only a put has a value. */
  record Change(Kind kind, String family, byte[] key, byte[] value) implements Serializable {}

  /**
   * Opens the database "db" in the directory.
   *
   * @param node address of the memory node; null: embedded
   */
  record Open(String directory, String node, ModelConfig config) implements Request {}

  record Close() implements Request {}

  /** A single change goes through the method of its name, several are a batch. */
  record Write(List<Change> changes, boolean sync) implements Request {}

  record Get(String family, int snapshot, byte[] key) implements Request {}

  record MultiGet(String family, int snapshot, List<byte[]> keys) implements Request {}

  record TakeSnapshot(int number) implements Request {}

  record ReleaseSnapshot(int number) implements Request {}

  /** Null bounds are none. */
  record OpenIterator(int number, String family, int snapshot, byte[] lower, byte[] upper)
      implements Request {}

  /** Answers the key and the value moved to, or nothing. */
  record MoveIterator(int number, Move move, byte[] key) implements Request {}

  record CloseIterator(int number) implements Request {}

  /** Answers all keys and values in turn. */
  record Scan(String family, boolean backward) implements Request {}

  record Families() implements Request {}

  record CreateFamily(String name) implements Request {}

  record DropFamily(String name) implements Request {}

  /** All families if none is named. */
  record Flush(String family, boolean await) implements Request {}

  record CompactRange(String family) implements Request {}
}
