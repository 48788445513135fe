package dwarf.bench.report;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.concurrent.TimeUnit;

/** Which source this program was built from, as far as can be told. */
public final class Revision {

  static final String UNKNOWN = "unknown";

  private static final int PATIENCE_SECONDS = 10;

  private Revision() {}

  /** The commit that the tree around these classes is at, and whether it has been changed. */
  public static String current() {
    Path tree = tree();
    if (tree == null) {
      return UNKNOWN;
    }
    String commit = git(tree, "rev-parse", "HEAD");
    String changes = git(tree, "status", "--porcelain", "--untracked-files=no");
    return commit == null ? UNKNOWN : commit + ("".equals(changes) ? "" : " with changes");
  }

  private static Path tree() {
    CodeSource source = Revision.class.getProtectionDomain().getCodeSource();
    try {
      Path at = source == null ? null : Path.of(source.getLocation().toURI());
      while (at != null && !Files.exists(at.resolve(".git"))) {
        at = at.getParent();
      }
      return at;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** What git answers in one line or several, or null if it cannot be asked. */
  private static String git(Path tree, String... command) {
    ProcessBuilder git = new ProcessBuilder("git", "-C", tree.toString());
    git.command().addAll(java.util.List.of(command));
    git.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = git.start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? answer : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
