package dwarf.storage;

import static dwarf.storage.Bytes.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SstDescriptionTest {

  @TempDir Path dir;

  @Test
  void tellsWhatAFileHolds() throws Exception {
    Path file = dir.resolve("a.dsst");
    FlushMarker marker = new FlushMarker(new UUID(1, 2), 3, 4, 0, 5, 6, 7, 8, 9);
    Path markerFile = dir.resolve("m.dsst");
    try (SstStore store =
        SstStore.open(dir.resolve("db"), StoreOptions.createIfMissing(RocksOptions.defaults()))) {
      try (SstWriter writer = store.openWriter(0, file)) {
        writer.put(segment("a"), segment("1"));
        writer.delete(segment("b"));
        writer.put(segment("c"), segment("3"));
        writer.finish();
      }
      store.writeMarker(marker, markerFile);
    }

    SstDescription data = SstDescription.of(file);
    assertThat(data.entries()).isEqualTo(3);
    assertThat(data.deletions()).isOne();
    assertThat(data.bytes()).isEqualTo(Files.size(file));
    assertThat(data.smallest()).isEqualTo(Bytes.of("a"));
    assertThat(data.largest()).isEqualTo(Bytes.of("c"));
    assertThat(data.marker()).isEmpty();
    assertThat(SstDescription.of(markerFile).marker()).contains(marker);
  }

  @Test
  void whatIsNoSstFileIsCorruption() throws Exception {
    Path file = Files.writeString(dir.resolve("x.dsst"), "not an SST file at all");
    assertThatThrownBy(() -> SstDescription.of(file))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("x.dsst");
  }
}
