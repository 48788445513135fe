package dwarf.cli.demo;

import dwarf.cli.input.BadLines;
import dwarf.cli.input.InputFormat;
import dwarf.cli.input.InputRecord;
import dwarf.cli.input.InputSpec;
import dwarf.cli.input.RecordSource;
import dwarf.cli.input.RecordSources;
import dwarf.cli.text.TextForm;
import java.nio.file.Path;

/**
 * What the demo loads; both the demo and its engine read it, in the same order every time.
 *
 * @param file a TSV file, or null for the class library of the running JDK
 */
public record DemoInput(Path file, long maxEntries, long maxBytes) {

  public RecordSource open(BadLines badLines) {
    if (file == null) {
      return new Bounded(new JdkSource(), maxEntries, maxBytes);
    }
    InputSpec spec = new InputSpec(InputFormat.TSV, null, null, false, TextForm.PLAIN);
    return new Bounded(RecordSources.open(file, spec, badLines), maxEntries, maxBytes);
  }

  String describe() {
    return file == null ? "the class library of this JDK" : file.toString();
  }

  /** Ends after so many entries, or before the entry that would pass so many bytes. */
  private static final class Bounded implements RecordSource {

    private final RecordSource source;
    private final long maxBytes;
    private long entriesLeft;
    private long bytes;

    Bounded(RecordSource source, long maxEntries, long maxBytes) {
      this.source = source;
      this.maxBytes = maxBytes;
      this.entriesLeft = maxEntries;
    }

    @Override
    public InputRecord next() {
      if (entriesLeft-- <= 0) {
        return null;
      }
      InputRecord record = source.next();
      if (record == null) {
        return null;
      }
      bytes += record.key().length + record.value().length;
      return bytes > maxBytes ? null : record;
    }

    @Override
    public long position() {
      return source.position();
    }

    @Override
    public long total() {
      return source.total();
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
