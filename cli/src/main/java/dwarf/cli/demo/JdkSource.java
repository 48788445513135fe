package dwarf.cli.demo;

import dwarf.base.DwarfException;
import dwarf.cli.input.InputRecord;
import dwarf.cli.input.RecordSource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Every class and resource of the running JDK's modules: real data, of real sizes, that every
 * machine with this program has. The key is the path ({@code java.base/java/lang/Object.class}).
 */
final class JdkSource implements RecordSource {

  private final Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
  private final Iterator<Path> files;
  private long position;

  JdkSource() {
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(Files::isRegularFile).sorted().toList().iterator();
    } catch (IOException e) {
      throw DwarfException.io("cannot list the modules of this JDK: " + e, e);
    }
  }

  @Override
  public InputRecord next() {
    if (!files.hasNext()) {
      return null;
    }
    Path file = files.next();
    try {
      byte[] value = Files.readAllBytes(file);
      position += value.length;
      String name = root.relativize(file).toString();
      return new InputRecord(name.getBytes(StandardCharsets.UTF_8), value);
    } catch (IOException e) {
      throw DwarfException.io("cannot read " + file + " of this JDK: " + e, e);
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long total() {
    return -1;
  }

  /** Nothing to do: each file is closed once it is read. */
  @Override
  public void close() {}
}
