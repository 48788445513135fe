package dwarf.systemtests.model;

/** What answers requests: a database, wherever it runs. */
interface ModelSubject extends AutoCloseable {

  /** The values asked for, null where there is none; fails as the database does. */
  byte[][] call(Request request);

  @Override
  void close();
}
