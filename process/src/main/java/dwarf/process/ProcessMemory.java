package dwarf.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** How much memory the operating system says a process holds. */
public final class ProcessMemory {

  private ProcessMemory() {}

  /** Resident bytes of this process. */
  public static OptionalLong resident() {
    return resident(ProcessHandle.current().pid());
  }

  /** Resident bytes of process {@code pid}; empty if it is gone or the system does not tell. */
  public static OptionalLong resident(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      return Files.isReadable(status) ? fromProc(status) : fromPs(pid);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong fromProc(Path status) throws IOException {
    for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("VmRSS:")) {
        return kibibytes(line.substring("VmRSS:".length()).replace("kB", ""));
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong fromPs(long pid) throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
    try {
      String text = new String(ps.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return ps.waitFor(5, TimeUnit.SECONDS) ? kibibytes(text) : OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    } finally {
      ps.destroyForcibly();
    }
  }

  private static OptionalLong kibibytes(String text) {
    String digits = text.strip();
    return digits.matches("[0-9]{1,15}")
        ? OptionalLong.of(Long.parseLong(digits) << 10)
        : OptionalLong.empty();
  }
}
