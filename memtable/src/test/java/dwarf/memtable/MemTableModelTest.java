package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Cursor;
import dwarf.base.RecordType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Random groups of random records, against a sorted set. */
class MemTableModelTest {

  private static final int SLAB = 64 << 10;

  @Test
  void fewKeysWithManyVersions() {
    Random random = Seeds.random("fewKeysWithManyVersions");
    for (int round = 0; round < 20; round++) {
      int keys = 1 + random.nextInt(5);
      run(random, () -> Rec.bytes("key" + random.nextInt(keys)), 40);
    }
  }

  @Test
  void shortKeysOverASmallAlphabet() {
    Random random = Seeds.random("shortKeysOverASmallAlphabet");
    for (int round = 0; round < 20; round++) {
      run(random, () -> smallAlphabet(random, random.nextInt(12)), 40);
    }
  }

  @Test
  void longKeysThatDifferLate() {
    Random random = Seeds.random("longKeysThatDifferLate");
    byte[] common = new byte[100 + random.nextInt(300)];
    random.nextBytes(common);
    for (int round = 0; round < 10; round++) {
      run(random, () -> withTail(common, smallAlphabet(random, random.nextInt(30))), 40);
    }
  }

  @Test
  void prefixesThatShrinkAgainAndAgain() {
    Random random = Seeds.random("prefixesThatShrinkAgainAndAgain");
    for (int round = 0; round < 10; round++) {
      int[] length = {40};
      run(
          random,
          () -> {
            byte[] key = new byte[40 + random.nextInt(3)];
            if (random.nextInt(20) == 0 && length[0] > 0) {
              length[0]--;
            }
            key[Math.min(length[0] + random.nextInt(40), key.length - 1)] = 1;
            return key;
          },
          60);
    }
  }

  private static void run(Random random, Supplier<byte[]> keys, int groups) {
    try (SlabPool pool = new SlabPool(64 << 20, SLAB)) {
      MemTableDriver driver = new MemTableDriver(new MemTable(pool, 8 << 20, 1));
      List<byte[]> targets = new ArrayList<>();
      targets.add(new byte[0]);
      long sequence = 0;
      for (int g = 0; g < groups; g++) {
        List<Rec> group = new ArrayList<>();
        int size = 1 + (random.nextInt(5) == 0 ? random.nextInt(400) : random.nextInt(5));
        for (int i = 0; i < size; i++) {
          Rec record = record(random, keys.get(), ++sequence);
          group.add(record);
          targets.add(random.nextInt(3) == 0 ? keys.get() : record.key);
        }
        if (random.nextBoolean()) {
          Collections.shuffle(group, random);
        }
        assertThat(driver.write(group)).isTrue();
        probe(random, driver, targets, sequence);
      }
      assertThat(driver.sorted()).isEqualTo(List.copyOf(driver.model));
      probe(random, driver, targets, sequence);
      driver.table.release();
      assertThat(pool.used()).isZero();
    }
  }

  private static void probe(
      Random random, MemTableDriver driver, List<byte[]> targets, long sequence) {
    for (int i = 0; i < 10; i++) {
      byte[] key = targets.get(random.nextInt(targets.size()));
      driver.checkGet(key, random.nextLong(sequence + 2));
    }
    if (random.nextInt(3) == 0) {
      try (Cursor cursor = driver.table.cursor()) {
        CursorWalk.compare(cursor, driver.modelCursor(), targets, random, 30);
      }
    }
    assertThat(driver.table.entryCount()).isEqualTo(driver.model.size());
  }

  private static Rec record(Random random, byte[] key, long sequence) {
    RecordType type =
        switch (random.nextInt(10)) {
          case 0 -> RecordType.DELETE;
          case 1 -> RecordType.SINGLE_DELETE;
          default -> RecordType.PUT;
        };
    byte[] value = new byte[type.isDeletion() ? 0 : random.nextInt(40)];
    random.nextBytes(value);
    return new Rec(key, sequence, type, value);
  }

  private static byte[] smallAlphabet(Random random, int length) {
    byte[] key = new byte[length];
    for (int i = 0; i < length; i++) {
      key[i] = (byte) (random.nextInt(3) * 127);
    }
    return key;
  }

  private static byte[] withTail(byte[] common, byte[] tail) {
    byte[] key = Arrays.copyOf(common, common.length + tail.length);
    System.arraycopy(tail, 0, key, common.length, tail.length);
    return key;
  }
}
