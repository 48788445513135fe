package dwarf.process;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A child process for tests: says what it is told to, or behaves like a daemon. */
final class TestChild {

  private TestChild() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "daemon" -> {
        try (Lifetime life = new Lifetime(true)) {
          System.out.println("ready");
          life.run(() -> System.out.println("closed"));
        }
      }
      case "fail" -> {
        System.err.println("the reason");
        System.exit(7);
      }
      default -> echo();
    }
  }

  private static void echo() throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println("echo " + line);
    }
  }
}
