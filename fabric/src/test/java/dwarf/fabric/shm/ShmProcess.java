package dwarf.fabric.shm;

import dwarf.fabric.Access;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A server or a client in a process of its own, spoken to by lines. A server lends {@link #BYTES}
 * of ones; told "revoke" it takes them back and fills them with twos. A client reads, writes and
 * asks until it is killed. Both end with their input.
 */
final class ShmProcess implements AutoCloseable {

  static final int BYTES = 4 << 20;
  static final int HALF = BYTES / 2;

  private final Process process;
  private final BufferedReader output;

  private ShmProcess(Process process) {
    this.process = process;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ShmProcess start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ShmProcess.class.getName()));
    command.addAll(List.of(arguments));
    return new ShmProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new AssertionError("the child has ended");
    }
    return line;
  }

  void tell(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  long pid() {
    return process.pid();
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Sends a signal by name, such as STOP. */
  void signal(String name) throws Exception {
    int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    if (status != 0) {
      throw new AssertionError("kill -" + name + " ended with " + status);
    }
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] args) throws Exception {
    FabricAddress address = FabricAddress.parse(args[1]);
    try (Fabric fabric = Fabrics.open(address.scheme());
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      if (args[0].equals("server")) {
        serve(fabric, address, in);
      } else {
        Thread.ofPlatform().daemon().start(() -> use(fabric, address, args[2]));
        String unused = in.readLine();
      }
    }
  }

  private static void serve(Fabric fabric, FabricAddress address, BufferedReader in)
      throws IOException {
    Region region = fabric.allocate(BYTES);
    region.commit(0, BYTES);
    region.memory().fill((byte) 1);
    RemoteKey readable = region.grant(0, HALF, Access.READ);
    RemoteKey writable = region.grant(HALF, HALF, Access.READ_WRITE);
    var unused =
        fabric.listen(address, (peer, opcode, payload, reply) -> reply.ok(payload)).address();
    System.out.println(HexFormat.of().formatHex(readable.bytes()));
    System.out.println(HexFormat.of().formatHex(writable.bytes()));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      region.revoke(readable);
      region.memory().fill((byte) 2);
      System.out.println("revoked");
    }
  }

  private static void use(Fabric fabric, FabricAddress address, String key) {
    Duration soon = Duration.ofSeconds(10);
    RemoteKey writable = new RemoteKey(HexFormat.of().parseHex(key));
    MemorySegment bytes = MemorySegment.ofArray(new byte[HALF]).fill((byte) 7);
    MemorySegment there = MemorySegment.ofArray(new byte[4096]);
    Connection connection = fabric.connect(address);
    for (int i = 0; ; i++) {
      connection.write(writable, 0, bytes, soon).join();
      connection.read(writable, 0, there, soon).join();
      MemorySegment unused = connection.request(1, there, soon).join();
      if (i == 3) {
        System.out.println("busy");
      }
    }
  }
}
