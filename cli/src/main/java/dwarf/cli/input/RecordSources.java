package dwarf.cli.input;

import dwarf.base.DwarfException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens inputs. */
public final class RecordSources {

  private static final int GZIP_BUFFER_BYTES = 1 << 16;

  private RecordSources() {}

  /** A file; with a name that ends in .gz it is uncompressed on the way. */
  public static RecordSource open(Path file, InputSpec spec, BadLines badLines) {
    LineParser parser = parser(spec);
    try {
      Counted counted = new Counted(Files.newInputStream(file));
      InputStream in =
          file.toString().endsWith(".gz")
              ? new GZIPInputStream(counted, GZIP_BUFFER_BYTES)
              : counted;
      LineSource.Extent extent = new LineSource.Extent(counted::bytes, Files.size(file));
      LineReader lines = new LineReader(file.toString(), in);
      LineSource.Origin origin = new LineSource.Origin(file.toString(), lines, extent);
      return new LineSource(origin, parser, spec.header(), badLines);
    } catch (NoSuchFileException e) {
      throw DwarfException.io("no input file " + file, e);
    } catch (IOException e) {
      throw DwarfException.io("cannot read " + file + ": " + e, e);
    }
  }

  /** Standard input, or another stream whose length is not known. */
  public static RecordSource open(InputStream stream, InputSpec spec, BadLines badLines) {
    Counted counted = new Counted(stream);
    LineSource.Extent extent = new LineSource.Extent(counted::bytes, -1);
    LineSource.Origin origin =
        new LineSource.Origin(
            "(standard input)", new LineReader("standard input", counted), extent);
    return new LineSource(origin, parser(spec), spec.header(), badLines);
  }

  private static LineParser parser(InputSpec spec) {
    return switch (spec.format()) {
      case TSV -> new TsvParser(spec);
      case CSV -> new CsvParser(spec);
      case JSON -> new JsonParser(spec);
    };
  }

  /** Counts what is read through it. */
  private static final class Counted extends FilterInputStream {

    private long bytes;

    Counted(InputStream in) {
      super(in);
    }

    long bytes() {
      return bytes;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      bytes += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      bytes += Math.max(0, count);
      return count;
    }
  }
}
