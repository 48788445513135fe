package dwarf.systemtests.model;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/** A {@link DatabaseSubject} in a process of its own: a request per line in, an answer out. */
final class ModelMain {

  private ModelMain() {}

  public static void main(String[] args) throws Exception {
    try (DatabaseSubject subject = new DatabaseSubject();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(Wire.toLine(answer(subject, (Request) Wire.fromLine(line))));
        System.out.flush();
      }
    }
  }

  private static Serializable answer(DatabaseSubject subject, Request request) {
    try {
      return subject.call(request);
    } catch (RuntimeException | Error failure) {
      return failure;
    }
  }
}
