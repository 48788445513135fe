package dwarf.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dwarf.base.DwarfException;
import dwarf.process.ChildProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The demo's side of the line to its engine process. */
final class EngineClient {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Hears of progress; false gives up waiting for the result (the engine is then to be killed). */
  interface Listener extends Predicate<EngineState> {}

  private final ChildProcess process;
  private EngineState last = EngineState.NONE;

  EngineClient(ChildProcess process) {
    this.process = process;
  }

  ChildProcess process() {
    return process;
  }

  /** The newest state that the engine has told. */
  EngineState last() {
    return last;
  }

  /** The answer to a request about the records [from, to); null if the listener gave up. */
  EngineState call(String operation, int from, int to, Listener listener) {
    process.send(
        JSON.createObjectNode().put("op", operation).put("from", from).put("to", to).toString());
    return answer(listener);
  }

  /** Waits for the answer to the last request, or after the start for the database to be open. */
  EngineState answer(Listener listener) {
    while (true) {
      JsonNode line = parse(process.receive(PATIENCE));
      if (line.has("error")) {
        throw new DwarfException(
            DwarfException.Kind.valueOf(line.path("error").path("kind").asText("INTERNAL")),
            process.name() + ": " + line.path("error").path("message").asText());
      }
      boolean done = line.has("result");
      last = EngineState.of(line.path(done ? "result" : "progress"));
      if (done) {
        return last;
      }
      if (!listener.test(last)) {
        return null;
      }
    }
  }

  private JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new DwarfException(
          DwarfException.Kind.INTERNAL, process.name() + " said '" + line + "'", e);
    }
  }

  /** What the engine said of itself: numbers by name, and the counters of the database. */
  record EngineState(JsonNode body, Map<String, Long> statistics) {

    static final EngineState NONE = new EngineState(JSON.createObjectNode(), Map.of());

    static EngineState of(JsonNode body) {
      Map<String, Long> statistics = new HashMap<>();
      body.path("statistics")
          .properties()
          .forEach(field -> statistics.put(field.getKey(), field.getValue().asLong()));
      return new EngineState(body, statistics);
    }

    long number(String name) {
      return body.path(name).asLong();
    }

    long counter(String name) {
      return statistics.getOrDefault(name, 0L);
    }
  }
}
