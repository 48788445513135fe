package dwarf.cli.fabric;

import dwarf.fabric.FabricAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that is measured between two processes.
 *
 * @param name in tables; what is no transport stands in parentheses
 * @param ucxTransports what UCX may use, or nothing
 */
record Subject(String name, String command, String scheme, String ucxTransports) {

  private static final String UCX = "ucx";
  private static final String OVER_TCP = "tcp";
  private static final String OVER_SHARED_MEMORY = "posix,sysv,tcp";

  /** By name, in the order they are measured. */
  static final Map<String, Subject> TRANSPORTS = new LinkedHashMap<>();

  static {
    transport("inproc", FabricAddress.INPROC, "");
    transport("tcp", FabricAddress.TCP, "");
    transport("shm", "shm", "");
    transport("ucx-tcp", UCX, OVER_TCP);
    transport("ucx-shm", UCX, OVER_SHARED_MEMORY);
    transport("ucx", UCX, "");
  }

  private static void transport(String name, String scheme, String ucxTransports) {
    TRANSPORTS.put(name, new Subject(name, FabricBenchPart.NAME, scheme, ucxTransports));
  }

  /** These transports, and before each over UCX what UCX does by itself. */
  static List<Subject> withFloors(List<String> names) {
    List<Subject> subjects = new ArrayList<>();
    for (String name : names) {
      Subject transport = TRANSPORTS.get(name);
      if (!transport.ucxTransports.isEmpty()) {
        subjects.add(
            new Subject("(" + name + ")", PlainUcxPart.NAME, UCX, transport.ucxTransports));
      }
      subjects.add(transport);
    }
    return subjects;
  }

  /** Whether one process is both sides. */
  boolean isInProcess() {
    return scheme.equals(FabricAddress.INPROC);
  }
}
