package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dwarf.base.RecordType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the kernel says about this process, not what the pool believes. */
class MemoryReturnTest {

  private static final long MIB = 1 << 20;

  @Test
  void trimmedMemoryIsBackAtTheSystem() throws IOException {
    try (SlabPool pool = new SlabPool(512 * MIB, 1 << 20)) {
      long before = residentAnonymousBytes();
      MemTable table = full(pool, 192 * MIB);
      long filled = residentAnonymousBytes();
      assertThat(filled - before).as("grown by").isGreaterThan(150 * MIB);
      table.release();
      assertThat(pool.resident()).as("kept for reuse").isGreaterThan(150 * MIB);
      pool.trim();
      assertThat(pool.resident()).isZero();
      assertThat(filled - residentAnonymousBytes()).as("given back").isGreaterThan(150 * MIB);
    }
  }

  @Test
  void anAlmostEmptyMemTableHoldsAlmostNothing() {
    try (SlabPool pool = new SlabPool(512 * MIB, 1 << 20)) {
      MemTable table = new MemTable(pool, 256 * MIB, 1);
      assertThat(table.prepare(MemTable.recordBytes(1, 1), 1)).isTrue();
      table.add(1, RecordType.PUT, Rec.segment("k"), Rec.segment("v"));
      table.publish();
      assertThat(table.bytesUsed()).isLessThanOrEqualTo(MIB + NativeMemory.PAGE_BYTES);
      assertThat(pool.used()).isEqualTo(table.bytesUsed());
      table.release();
    }
  }

  @Test
  void hugePagesHoldNoMoreThanIsCharged() throws IOException {
    assumeThat(Path.of("/sys/kernel/mm/transparent_hugepage")).exists();
    try (SlabPool pool = new SlabPool(512 * MIB, 2 << 20)) {
      long before = residentHugeAdvisedBytes();
      MemTable table = new MemTable(pool, 256 * MIB, 1);
      MemorySegment value = MemorySegment.ofArray(new byte[100_000]);
      for (int i = 1; table.bytesUsed() < 64 * MIB; i++) {
        assertThat(table.prepare(MemTable.recordBytes(8, 100_000), 1)).isTrue();
        MemorySegment key = MemorySegment.ofArray(new long[] {i});
        table.add(i, RecordType.PUT, key, value);
        table.publish();
      }
      long grown = residentHugeAdvisedBytes() - before;
      assertThat(grown).isBetween(table.bytesUsed() / 2, table.bytesUsed());
      table.release();
      pool.trim();
      assertThat(residentHugeAdvisedBytes()).isEqualTo(before);
    }
  }

  private static MemTable full(SlabPool pool, long bytes) {
    MemTable table = new MemTable(pool, bytes, 1);
    MemorySegment key = MemorySegment.ofArray(new long[1]);
    MemorySegment value = MemorySegment.ofArray(new byte[4000]);
    long sequence = 0;
    while (table.prepare(MemTable.recordBytes(8, 4000), 1)) {
      key.set(ValueLayout.JAVA_LONG, 0, ++sequence);
      table.add(sequence, RecordType.PUT, key, value);
      table.publish();
    }
    return table;
  }

  private static long residentAnonymousBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) {
        return bytesOf(line);
      }
    }
    throw new AssertionError("no RssAnon in /proc/self/status");
  }

  /**
   * What mappings with the advice to use huge pages hold; only pools map such. The Java heap, which
   * grows as it likes, is left out.
   */
  private static long residentHugeAdvisedBytes() throws IOException {
    long total = 0;
    long mapping = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.startsWith("Rss:")) {
        mapping = bytesOf(line);
      } else if (line.startsWith("VmFlags:") && line.contains(" hg")) {
        total += mapping;
      }
    }
    return total;
  }

  private static long bytesOf(String kilobytes) {
    return Long.parseLong(kilobytes.replaceAll("[^0-9]", "")) * 1024;
  }
}
