package dwarf.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.db.Whereabouts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The engine's side of the demo. It reads requests, one JSON object a line, and answers each with
 * any number of progress lines and then one result or error:
 *
 * <pre>
 * {"op":"load","from":0,"to":1000}
 * {"progress":{"records":512,"bytes":...,"statistics":{...}}}
 * {"result":{"records":1000,...,"statistics":{...}}}
 * </pre>
 *
 * <p>A record counted in a progress line has been acknowledged by the database before the line was
 * written: it must survive whatever happens next. The end of the input ends the server.
 */
final class EngineServer {

  private static final JsonMapper JSON = new JsonMapper();

  private final OpenDatabase target;
  private final EngineOperations operations;
  private final PrintStream out;

  EngineServer(OpenDatabase target, DemoInput input, InputFacts facts, PrintStream out) {
    this.target = target;
    this.out = out;
    this.operations = new EngineOperations(target, input, facts, this::progress);
  }

  /** Says that the database is open, then serves until the input ends. */
  void serve(InputStream in, long openMillis) {
    ObjectNode ready = JSON.createObjectNode();
    ready.put("recoveryMillis", openMillis);
    say("result", ready);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answer(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw DwarfException.io("cannot read a request of the demo: " + e, e);
    }
  }

  private void answer(JsonNode request) {
    try {
      int from = request.path("from").asInt();
      int to = request.path("to").asInt();
      ObjectNode result =
          switch (request.path("op").asText()) {
            case "load" -> operations.load(from, to);
            case "verify" -> operations.verify(from, to);
            case "scan" -> operations.scan(to);
            case "settle" -> operations.settle(to);
            case "statistics" -> JSON.createObjectNode();
            default -> throw DwarfException.invalid("unknown request " + request);
          };
      say("result", result);
    } catch (DwarfException e) {
      ObjectNode error = JSON.createObjectNode();
      error.put("kind", e.kind().name());
      error.put("message", e.getMessage());
      say("error", error);
    }
  }

  private void progress(ObjectNode state) {
    say("progress", state);
  }

  private void say(String what, ObjectNode body) {
    if (!what.equals("error")) {
      ObjectNode statistics = body.putObject("statistics");
      target.db().statistics().forEach(statistics::put);
      Whereabouts where = Whereabouts.of(target);
      body.put("localBytes", where.localBytes());
      body.put("dmBytes", where.dmBytes());
      body.put("sstBytes", where.sstBytes());
    }
    ObjectNode line = JSON.createObjectNode();
    line.set(what, body);
    out.println(line);
    out.flush();
  }
}
