package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.RecordType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Whole memtables of keys that are hard in different ways, sorted and walked. */
class RecordSorterTest {

  private static final int RECORDS = 20_000;

  private final Random random = Seeds.random("RecordSorterTest");

  @Test
  void randomBytes() {
    check(i -> bytes(16));
  }

  @Test
  void textNumbersBehindACommonPrefix() {
    check(i -> text("customer/%09d/order", random.nextInt(5000)));
  }

  @Test
  void fewKeysWithManyVersions() {
    check(i -> text("k%d", random.nextInt(3)));
  }

  @Test
  void zerosThatLookLikePadding() {
    check(i -> new byte[random.nextInt(30)]);
  }

  @Test
  void longSharedPartsAtSeveralDepths() {
    byte[] filler = bytes(50);
    check(
        i -> {
          byte[] key = Arrays.copyOf(filler, 50);
          for (int depth = 9; depth < 50; depth += 10) {
            key[depth] = (byte) random.nextInt(4);
          }
          return key;
        });
  }

  @Test
  void ascendingAndDescendingIntegers() {
    check(i -> text("%08d", i));
    check(i -> text("%08d", RECORDS - i));
  }

  private void check(IntFunction<byte[]> keys) {
    List<Rec> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      records.add(new Rec(keys.apply(i), i + 1, RecordType.PUT, new byte[random.nextInt(8)]));
    }
    for (int i = 0; i + 64 <= RECORDS; i += 64) {
      Collections.shuffle(records.subList(i, i + 64), random);
    }
    try (SlabPool pool = new SlabPool(32 << 20, 64 << 10)) {
      MemTableDriver driver = new MemTableDriver(new MemTable(pool, 16 << 20, 1));
      int done = 0;
      while (done < RECORDS) {
        int group = Math.min(RECORDS - done, 1 + random.nextInt(6000));
        assertThat(driver.write(records.subList(done, done + group))).isTrue();
        done += group;
        if (random.nextBoolean()) {
          driver.table.cursor().close();
        }
      }
      Collections.sort(records);
      assertThat(driver.sorted()).isEqualTo(records);
      driver.table.release();
    }
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(String format, int number) {
    return String.format(format, number).getBytes(StandardCharsets.UTF_8);
  }
}
