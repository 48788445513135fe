package dwarf.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException.Kind;
import dwarf.base.Lookup;
import dwarf.base.RecordType;
import dwarf.node.memory.TestMemtable.Home;
import dwarf.node.memory.TestMemtable.Version;
import dwarf.protocol.GetReply;
import dwarf.protocol.GetRequest;
import dwarf.protocol.KeyCandidates;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.MultiGetRequest;
import dwarf.protocol.Protocol;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ScanReply;
import dwarf.protocol.ScanRequest;
import dwarf.protocol.ScanRow;
import dwarf.protocol.ShardHandle;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delegated reads agree with a model, over every transport. */
abstract class DelegatedReadContract {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());
  private static final UUID DATABASE = new UUID(1, 2);
  private static final long EPOCH = 5;
  private static final int KEYS = 200;

  private final Random random = new Random(SEED);
  private final String scheme;
  private NodeHarness harness;
  private MemoryNodeClient client;

  DelegatedReadContract(String scheme) {
    this.scheme = scheme;
  }

  @BeforeEach
  void start() {
    harness = new NodeHarness(scheme, config -> withPool(config, 64 << 20));
    client = harness.client();
    client.attach(DATABASE, EPOCH, 0);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void getsFindTheNewestVisibleVersionOverAllMemtables() {
    Data data = ship(DATABASE, 0, 3);
    for (int round = 0; round < 500; round++) {
      byte[] key = TestMemtable.key(random.nextInt(KEYS + 10));
      long sequence = random.nextLong(data.lastSequence + 10);
      GetRequest request = new GetRequest(DATABASE, EPOCH, sequence, data.newestFirst, key);
      assertAnswer(client.getAsync(request).join(), data.newest(key, sequence));
    }
  }

  @Test
  void multiGetsAnswerEveryKeyInOrder() {
    Data data = ship(DATABASE, 0, 3);
    int[] all = IntStream.range(0, data.newestFirst.size()).toArray();
    for (int round = 0; round < 20; round++) {
      long sequence = random.nextLong(data.lastSequence + 10);
      List<KeyCandidates> keys = new ArrayList<>();
      for (int i = random.nextInt(100); i >= 0; i--) {
        keys.add(new KeyCandidates(TestMemtable.key(random.nextInt(KEYS + 10)), all));
      }
      List<GetReply> answers =
          client
              .multiGetAsync(new MultiGetRequest(DATABASE, EPOCH, sequence, data.newestFirst, keys))
              .join()
              .answers();
      assertThat(answers).hasSameSizeAs(keys);
      for (int i = 0; i < keys.size(); i++) {
        assertAnswer(answers.get(i), data.newest(keys.get(i).key(), sequence));
      }
    }
  }

  @Test
  void scansGiveTheRowsOfTheModelInBothDirectionsPageByPage() {
    Data data = ship(DATABASE, 0, 3);
    for (int round = 0; round < 60; round++) {
      long sequence = random.nextLong(data.lastSequence + 10);
      boolean reverse = random.nextBoolean();
      byte[] low = random.nextInt(3) == 0 ? null : TestMemtable.key(random.nextInt(KEYS));
      byte[] high = random.nextInt(3) == 0 ? null : TestMemtable.key(random.nextInt(KEYS));
      int rows = 1 + random.nextInt(random.nextBoolean() ? 5 : 500);
      int bytes = 1 + random.nextInt(random.nextBoolean() ? 500 : 1 << 20);
      List<String> expected = data.rows(sequence, low, high, reverse);
      byte[] start = reverse ? high : low;
      byte[] end = reverse ? low : high;
      ScanRequest.Range range = new ScanRequest.Range(start, !reverse, end, reverse, rows, bytes);
      assertThat(scanAll(data, sequence, range)).as("seed %d", SEED).isEqualTo(expected);
    }
  }

  @Test
  void inclusiveStartOfAReverseScanIsShown() {
    Data data = ship(DATABASE, 0, 1);
    Version any = data.tables.getFirst().versions.getLast();
    ScanRequest.Range range = new ScanRequest.Range(any.key(), true, null, true, 1, 1 << 20);
    ScanReply reply =
        client
            .scanAsync(new ScanRequest(DATABASE, EPOCH, data.lastSequence, data.newestFirst, range))
            .join();
    assertThat(reply.rows()).hasSize(1);
    assertThat(bytes(reply.rows().getFirst().key())).isEqualTo(any.key());
    assertThat(reply.rows().getFirst().sequence()).isEqualTo(any.sequence());
  }

  @Test
  void largeValuesAreReadOneSided() {
    byte[] big = new byte[Protocol.LARGE_VALUE_BYTES];
    random.nextBytes(big);
    byte[] almost = new byte[Protocol.LARGE_VALUE_BYTES - 1];
    Home home = new Home(DATABASE, EPOCH, 0, 1);
    TestMemtable table =
        TestMemtable.of(
            home,
            List.of(
                new Version(TestMemtable.key(1), 1, RecordType.PUT, big),
                new Version(TestMemtable.key(2), 2, RecordType.PUT, almost)),
            1);
    List<RemoteShard> shards = table.ship(client);
    List<ShardHandle> handles = TestMemtable.handles(shards);
    GetReply reply =
        client.getAsync(new GetRequest(DATABASE, EPOCH, 9, handles, TestMemtable.key(1))).join();
    assertThat(reply.value().isLarge()).isTrue();
    MemorySegment value = client.readLargeAsync(shards.getFirst(), reply.value().large()).join();
    assertThat(bytes(value)).isEqualTo(big);
    List<KeyCandidates> keys =
        List.of(
            new KeyCandidates(TestMemtable.key(2), new int[] {0}),
            new KeyCandidates(TestMemtable.key(1), new int[] {0}),
            new KeyCandidates(TestMemtable.key(2), new int[] {0}));
    List<GetReply> answers =
        client
            .multiGetAsync(new MultiGetRequest(DATABASE, EPOCH, 9, handles, keys))
            .join()
            .answers();
    assertThat(answers).extracting(a -> a.value().isLarge()).containsExactly(false, true, false);
    ScanRequest.Range all = new ScanRequest.Range(null, true, null, false, 10, 1 << 30);
    List<ScanRow> rows =
        client.scanAsync(new ScanRequest(DATABASE, EPOCH, 9, handles, all)).join().rows();
    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst().value().large()).isEqualTo(reply.value().large());
  }

  @Test
  void databasesAndFamiliesOnOneNodeReadTheirOwnData() {
    UUID other = new UUID(3, 4);
    client.attach(other, EPOCH, 0);
    List<Data> all = new ArrayList<>();
    for (UUID database : List.of(DATABASE, other)) {
      for (int family = 0; family < 3; family++) {
        all.add(ship(database, family, 2));
      }
    }
    for (int round = 0; round < 200; round++) {
      Data data = all.get(random.nextInt(all.size()));
      byte[] key = TestMemtable.key(random.nextInt(KEYS));
      UUID database = data.tables.getFirst().home.database();
      GetRequest request =
          new GetRequest(database, EPOCH, data.lastSequence, data.newestFirst, key);
      assertAnswer(client.getAsync(request).join(), data.newest(key, data.lastSequence));
    }
    GetRequest foreign =
        new GetRequest(other, EPOCH, 1000, all.getFirst().newestFirst, TestMemtable.key(1));
    NodeHarness.assertKind(Kind.STALE_HANDLE, () -> client.getAsync(foreign).join());
  }

  @Test
  void oneFreedShardMakesTheWholeReadFail() {
    Data data = ship(DATABASE, 0, 2);
    client.free(DATABASE, EPOCH, List.of(data.newestFirst.getLast()));
    byte[] key = data.tables.getLast().versions.getLast().key();
    GetRequest request = new GetRequest(DATABASE, EPOCH, 1 << 20, data.newestFirst, key);
    NodeHarness.assertKind(Kind.STALE_HANDLE, () -> client.getAsync(request).join());
    NodeHarness.assertKind(
        Kind.STALE_HANDLE,
        () -> scanAll(data, 1 << 20, new ScanRequest.Range(null, true, null, false, 10, 1 << 20)));
  }

  @Test
  void everyReplyTellsTheLoad() {
    assertThat(client.lastLoad().poolBytes()).isEqualTo(64 << 20);
    assertThat(client.lastLoad().poolUsed()).isZero();
    ship(DATABASE, 0, 1);
    assertThat(client.lastLoad().poolUsed()).isEqualTo(harness.node.poolUsed()).isPositive();
    assertThat(client.isHealthy()).isTrue();
  }

  private static MemoryNodeConfig withPool(MemoryNodeConfig config, long bytes) {
    return MemoryNodeConfig.of(config.fabric(), config.address(), bytes);
  }

  private Data ship(UUID database, int family, int memtables) {
    List<TestMemtable> tables = new ArrayList<>();
    List<ShardHandle> newestFirst = new ArrayList<>();
    long first = 1;
    for (int memtable = 0; memtable < memtables; memtable++) {
      Home home = new Home(database, EPOCH, family, memtable);
      TestMemtable table = TestMemtable.random(home, random, first, 400);
      first += 400;
      tables.add(table);
      newestFirst.addAll(0, TestMemtable.handles(table.ship(client)));
    }
    return new Data(tables, newestFirst, first - 1);
  }

  private List<String> scanAll(Data data, long sequence, ScanRequest.Range first) {
    List<String> rows = new ArrayList<>();
    ScanRequest.Range range = first;
    while (true) {
      ScanReply reply =
          client
              .scanAsync(new ScanRequest(DATABASE, EPOCH, sequence, data.newestFirst, range))
              .join();
      assertThat(reply.rows().size()).isLessThanOrEqualTo(range.maxRows());
      reply.rows().forEach(row -> rows.add(show(row)));
      if (!reply.more()) {
        return rows;
      }
      byte[] last = bytes(reply.rows().getLast().key());
      range =
          new ScanRequest.Range(
              last, false, range.end(), range.reverse(), range.maxRows(), range.maxBytes());
    }
  }

  private void assertAnswer(GetReply reply, Version expected) {
    if (expected == null) {
      assertThat(reply.state()).as("seed %d", SEED).isEqualTo(Lookup.State.ABSENT);
      return;
    }
    assertThat(reply.sequence()).as("seed %d", SEED).isEqualTo(expected.sequence());
    assertThat(reply.state())
        .isEqualTo(expected.type().isDeletion() ? Lookup.State.DELETED : Lookup.State.FOUND);
    assertThat(bytes(reply.value().bytes())).isEqualTo(expected.value());
  }

  private static String show(ScanRow row) {
    return show(bytes(row.key()), row.sequence(), row.type(), bytes(row.value().bytes()));
  }

  private static String show(byte[] key, long sequence, RecordType type, byte[] value) {
    String text = new String(key, StandardCharsets.US_ASCII);
    return text + "@" + sequence + " " + type + " " + java.util.Arrays.hashCode(value);
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Shipped memtables, oldest first, and their handles, newest first. */
  private record Data(List<TestMemtable> tables, List<ShardHandle> newestFirst, long lastSequence) {

    Version newest(byte[] key, long sequence) {
      for (TestMemtable table : tables.reversed()) {
        Version version = table.newest(key, sequence);
        if (version != null) {
          return version;
        }
      }
      return null;
    }

    /** Rows with low <= key < high. */
    List<String> rows(long sequence, byte[] low, byte[] high, boolean reverse) {
      NavigableMap<String, String> rows = new TreeMap<>();
      for (int i = 0; i < KEYS; i++) {
        byte[] key = TestMemtable.key(i);
        Version version = newest(key, sequence);
        boolean inside =
            (low == null || java.util.Arrays.compareUnsigned(key, low) >= 0)
                && (high == null || java.util.Arrays.compareUnsigned(key, high) < 0);
        if (version != null && inside) {
          rows.put(
              new String(key, StandardCharsets.US_ASCII),
              show(key, version.sequence(), version.type(), version.value()));
        }
      }
      return List.copyOf((reverse ? rows.descendingMap() : rows).values());
    }
  }
}
