package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.fabric.Access;
import dwarf.fabric.Await;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import dwarf.process.JavaCommand;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The other process of the tests: {@code server}, {@code client <address> <key>} that writes and
 * reads without end, {@code obey <address> <key>} that does one operation per line it is told, or
 * {@code open} that only tries to open transports. Ends when its standard input does.
 */
final class UcxChild {

  static final int BYTES = 1 << 20;
  static final byte FILL = 0x5a;
  private static final Duration SOON = Duration.ofSeconds(10);

  private UcxChild() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "server" -> serve();
      case "client" -> use(FabricAddress.parse(args[1]), key(args[2]));
      case "obey" -> obey(FabricAddress.parse(args[1]), key(args[2]));
      default -> tryToOpen();
    }
  }

  /** A command that runs it; nothing but what it says itself goes to its standard output. */
  static List<String> command(List<String> flags, String... arguments) {
    List<String> all = new ArrayList<>(flags);
    all.add("-Xmx256m");
    all.add("-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener");
    return JavaCommand.of(UcxChild.class, all, List.of(arguments));
  }

  static String text(RemoteKey key) {
    return HexFormat.of().formatHex(key.bytes());
  }

  static RemoteKey key(String text) {
    return new RemoteKey(HexFormat.of().parseHex(text));
  }

  private static void serve() throws Exception {
    try (Arena arena = Arena.ofShared();
        Fabric fabric = Fabrics.open("ucx", FabricOptions.DEFAULTS)) {
      Region region = fabric.register(arena.allocate(BYTES).fill(FILL));
      String address =
          fabric
              .listen(
                  new FabricAddress("ucx", "127.0.0.1", 0),
                  (peer, opcode, payload, reply) -> reply.ok(payload))
              .address()
              .toString();
      System.out.println(address + " " + text(region.grant(0, BYTES, Access.READ_WRITE)));
      waitForParent();
    }
  }

  private static void use(FabricAddress address, RemoteKey key) throws Exception {
    Fabric fabric = Fabrics.open("ucx", FabricOptions.DEFAULTS);
    Connection connection = fabric.connect(address);
    MemorySegment here = Arena.global().allocate(BYTES).fill(FILL);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              for (int i = 0; ; i++) {
                Await.get(connection.write(key, 0, here, SOON));
                Await.get(connection.read(key, 0, here, SOON));
                if (i == 3) {
                  System.out.println("going");
                }
              }
            });
    waitForParent();
  }

  private static void obey(FabricAddress address, RemoteKey key) throws Exception {
    try (Arena arena = Arena.ofShared();
        Fabric fabric = Fabrics.open("ucx", FabricOptions.DEFAULTS)) {
      Connection connection = fabric.connect(address);
      MemorySegment here = arena.allocate(64).fill(FILL);
      BufferedReader in = input();
      System.out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        try {
          Await.get(
              line.equals("read")
                  ? connection.read(key, 0, here, SOON)
                  : connection.write(key, 0, here, SOON));
          System.out.println("ok");
        } catch (DwarfException e) {
          System.out.println(e.kind());
        }
      }
    }
  }

  private static void tryToOpen() {
    try (Fabric tcp = Fabrics.open("tcp", FabricOptions.DEFAULTS)) {
      System.out.println("opened " + tcp.scheme());
    }
    try (Fabric ucx = Fabrics.open("ucx", FabricOptions.DEFAULTS)) {
      System.out.println("opened " + ucx.scheme());
    } catch (DwarfException e) {
      System.out.println(e.kind() + " " + e.getMessage().replace('\n', ' '));
    }
  }

  private static BufferedReader input() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }

  private static void waitForParent() throws Exception {
    input().transferTo(Writer.nullWriter());
  }

  /** Whether all bytes are what every side of these tests writes. */
  static boolean isFilled(MemorySegment memory) {
    for (long i = 0; i < memory.byteSize(); i++) {
      if (memory.get(ValueLayout.JAVA_BYTE, i) != FILL) {
        return false;
      }
    }
    return true;
  }
}
