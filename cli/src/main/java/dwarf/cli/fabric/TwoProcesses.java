package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.FileTree;
import dwarf.cli.DwarfCli;
import dwarf.process.ChildProcess;
import dwarf.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures one subject in fresh processes: one serves and one asks. */
final class TwoProcesses {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Subject subject;
  private final List<String> common = new ArrayList<>();

  TwoProcesses(Subject subject, Times times) {
    this.subject = subject;
    common.add(subject.command());
    common.addAll(
        subject.command().equals(PlainUcxPart.NAME)
            ? List.of("--ucx", subject.ucxTransports())
            : List.of("--scheme", subject.scheme()));
    common.addAll(times.arguments());
  }

  /** The results; throws what the processes failed with. */
  ObjectNode measure() throws IOException {
    Path logs = Files.createTempDirectory("dwarf-fabric-bench");
    try (Children children = new Children(DwarfCli.class, logs)) {
      return (ObjectNode) new JsonMapper().readTree(measure(children));
    } finally {
      FileTree.remove(logs);
    }
  }

  private String measure(Children children) {
    List<String> flags = List.of("-Ddwarf.ucx.tls=" + subject.ucxTransports());
    String first = receive(children.start("server", flags, common));
    if (subject.isInProcess()) {
      return first;
    }
    List<String> client = new ArrayList<>(common);
    client.addAll(List.of("--there", first));
    return receive(children.start("client", flags, client));
  }

  private static String receive(ChildProcess process) {
    return process.receive(PATIENCE);
  }
}
