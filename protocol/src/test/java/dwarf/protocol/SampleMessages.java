package dwarf.protocol;

import dwarf.base.DwarfException;
import dwarf.base.Lookup;
import dwarf.base.RecordType;
import dwarf.base.WireReader;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** One or more messages of every kind, with fixed content. */
final class SampleMessages {

  record Sample(String name, Message message, Function<WireReader, ? extends Message> decoder) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final UUID DATABASE = new UUID(0x0102030405060708L, 0x1112131415161718L);
  private static final UUID ATTEMPT = new UUID(0x2122232425262728L, 0x3132333435363738L);
  private static final ShardHandle HANDLE = new ShardHandle(0x4142434445464748L, 9);
  private static final ShardKey KEY = new ShardKey(3, 77, 2);
  private static final OwnerRequests.Session SESSION = new OwnerRequests.Session(DATABASE, 5);
  private static final WorkerRequests.Holder HOLDER = new WorkerRequests.Holder(12, ATTEMPT);

  private SampleMessages() {}

  static List<Sample> all() {
    List<Sample> all = new java.util.ArrayList<>();
    all.addAll(memory());
    all.addAll(reads());
    all.addAll(tasks());
    all.addAll(workers());
    return all;
  }

  private static List<Sample> memory() {
    return List.of(
        new Sample("hello", new OwnerRequests.Hello(1), OwnerRequests.Hello::decode),
        new Sample(
            "node-info",
            new NodeInfo(ATTEMPT, 1, 1L << 30, Duration.ofSeconds(60)),
            NodeInfo::decode),
        new Sample("node-load", new NodeLoad(4, 250, 1 << 20, 4096), NodeLoad::decode),
        new Sample("session", SESSION, OwnerRequests.Session::decode),
        new Sample("nothing", new OwnerRequests.Nothing(), OwnerRequests.Nothing::decode),
        new Sample(
            "attach", new OwnerRequests.Attach(SESSION, 1 << 20), OwnerRequests.Attach::decode),
        new Sample(
            "inventory",
            new OwnerRequests.Inventory(List.of(new ShardInventory(sealed(), 10, 19, 4, 6))),
            OwnerRequests.Inventory::decode),
        new Sample(
            "allocate",
            new OwnerRequests.Allocate(SESSION, KEY, 8192),
            OwnerRequests.Allocate::decode),
        new Sample(
            "shard-unsealed",
            new RemoteShard(KEY, HANDLE, null, new RemoteKey(new byte[] {7, 8, 9}), 8192),
            RemoteShard::decode),
        new Sample("shard-sealed", sealed(), RemoteShard::decode),
        new Sample("seal", new OwnerRequests.Seal(SESSION, HANDLE), OwnerRequests.Seal::decode),
        new Sample(
            "free",
            new OwnerRequests.Free(SESSION, List.of(HANDLE, new ShardHandle(1, 2))),
            OwnerRequests.Free::decode));
  }

  private static List<Sample> reads() {
    return List.of(
        new Sample(
            "get",
            new GetRequest(DATABASE, 5, 1000, List.of(HANDLE), text("key")),
            GetRequest::decode),
        new Sample(
            "get-found",
            new GetReply(Lookup.State.FOUND, 900, ValuePart.inline(segment("value"))),
            GetReply::decode),
        new Sample(
            "get-found-large",
            new GetReply(
                Lookup.State.FOUND,
                900,
                ValuePart.large(new LargeValue(HANDLE, 4096, 9 << 20, 0x55667788))),
            GetReply::decode),
        new Sample(
            "get-deleted",
            new GetReply(Lookup.State.DELETED, 901, ValuePart.NONE),
            GetReply::decode),
        new Sample("get-absent", GetReply.ABSENT, GetReply::decode),
        new Sample(
            "multi-get",
            new MultiGetRequest(
                DATABASE,
                5,
                1000,
                List.of(HANDLE, new ShardHandle(1, 2)),
                List.of(
                    new KeyCandidates(text("a"), new int[] {0, 1}),
                    new KeyCandidates(text(""), new int[0]))),
            MultiGetRequest::decode),
        new Sample(
            "multi-get-reply",
            new MultiGetReply(
                List.of(
                    GetReply.ABSENT,
                    new GetReply(Lookup.State.FOUND, 1, ValuePart.inline(segment("v"))))),
            MultiGetReply::decode),
        new Sample(
            "scan",
            new ScanRequest(
                DATABASE,
                5,
                1000,
                List.of(HANDLE),
                new ScanRequest.Range(text("from"), false, text("to"), true, 100, 65536)),
            ScanRequest::decode),
        new Sample(
            "scan-unbounded",
            new ScanRequest(
                DATABASE, 5, 1000, List.of(), new ScanRequest.Range(null, true, null, false, 1, 1)),
            ScanRequest::decode),
        new Sample(
            "scan-reply",
            new ScanReply(
                List.of(
                    new ScanRow(segment("k1"), 7, RecordType.PUT, ValuePart.inline(segment("v1"))),
                    new ScanRow(segment("k2"), 8, RecordType.DELETE, ValuePart.NONE)),
                true),
            ScanReply::decode));
  }

  private static List<Sample> tasks() {
    return List.of(
        new Sample("task", task(), FlushTask::decode),
        new Sample("submit", new OwnerRequests.Submit(task(), 1.5), OwnerRequests.Submit::decode),
        new Sample("placed", new Placement(true, 12, "worker-a"), Placement::decode),
        new Sample("declined", Placement.DECLINED, Placement::decode),
        new Sample(
            "await",
            new OwnerRequests.Await(ATTEMPT, Duration.ofMillis(1500)),
            OwnerRequests.Await::decode),
        new Sample("running", new TaskStatus.Running(4096), TaskStatus::decode),
        new Sample("done", new TaskStatus.Done(result()), TaskStatus::decode),
        new Sample(
            "failed",
            new TaskStatus.Failed(DwarfException.Kind.IO_ERROR, "disk full"),
            TaskStatus::decode),
        new Sample("lost", new TaskStatus.Lost(), TaskStatus::decode),
        new Sample("cancel", new OwnerRequests.Cancel(ATTEMPT), OwnerRequests.Cancel::decode));
  }

  private static List<Sample> workers() {
    return List.of(
        new Sample(
            "register",
            new WorkerInfo("worker-a", 2, 100 << 20, "11.8.1", WorkerInfo.BYTEWISE),
            WorkerInfo::decode),
        new Sample("lease", new WorkerLease(12, Duration.ofSeconds(10)), WorkerLease::decode),
        new Sample(
            "take",
            new WorkerRequests.Take(12, Duration.ofSeconds(5)),
            WorkerRequests.Take::decode),
        new Sample(
            "taken", new WorkerRequests.Taken(Optional.of(task())), WorkerRequests.Taken::decode),
        new Sample(
            "taken-none", new WorkerRequests.Taken(Optional.empty()), WorkerRequests.Taken::decode),
        new Sample(
            "heartbeat",
            new WorkerRequests.Heartbeat(HOLDER, 4096, 1 << 20),
            WorkerRequests.Heartbeat::decode),
        new Sample(
            "heartbeat-reply",
            new WorkerRequests.HeartbeatReply(true),
            WorkerRequests.HeartbeatReply::decode),
        new Sample(
            "complete",
            new WorkerRequests.Complete(HOLDER, result()),
            WorkerRequests.Complete::decode),
        new Sample(
            "fail",
            new WorkerRequests.Fail(HOLDER, DwarfException.Kind.UNAVAILABLE, "no storage"),
            WorkerRequests.Fail::decode));
  }

  private static RemoteShard sealed() {
    return new RemoteShard(KEY, HANDLE, new RemoteKey(new byte[] {1, 2, 3, 4}), null, 8192);
  }

  private static FlushTask task() {
    return new FlushTask(
        DATABASE,
        5,
        3,
        "users",
        44,
        1,
        ATTEMPT,
        "db/stage",
        "db/OPTIONS-000007",
        text("a"),
        null,
        List.of(new MemtableShards(77, 10, 19, List.of(sealed()))));
  }

  private static FlushResult result() {
    SstFileInfo file = new SstFileInfo("x.dsst", 1000, 10, text("a"), text("z"), 0x11223344);
    return new FlushResult(ATTEMPT, "worker-a", List.of(file), 8192, 1000);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MemorySegment segment(String text) {
    return MemorySegment.ofArray(text(text));
  }
}
