package dwarf.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dwarf.base.DwarfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Results in a file. */
public final class JsonFile {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonFile() {}

  public static void write(Path file, JsonNode json) {
    try {
      Files.writeString(file, MAPPER.writeValueAsString(json) + "\n");
    } catch (IOException e) {
      throw DwarfException.io("cannot write " + file + ": " + e, e);
    }
  }

  public static JsonNode read(Path file) {
    try {
      JsonNode json = MAPPER.readTree(Files.readString(file));
      if (!json.path("format").isInt() || json.path("format").asInt() != JsonReport.FORMAT) {
        throw DwarfException.invalid(
            file + " is no result of dwarf bench in format " + JsonReport.FORMAT);
      }
      return json;
    } catch (IOException e) {
      throw DwarfException.io("cannot read results from " + file + ": " + e.getMessage(), e);
    }
  }
}
