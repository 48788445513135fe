package dwarf.cli.input;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dwarf.base.DwarfException;
import dwarf.cli.text.TextForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One JSON object a line; a field may be named by its name or by a JSON pointer ("/user/id"). */
final class JsonParser implements LineParser {

  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private final String key;
  private final String value;
  private final TextForm form;

  JsonParser(InputSpec spec) {
    key = spec.key() == null ? "key" : spec.key();
    value = spec.value();
    form = spec.form();
    if (spec.header()) {
      throw DwarfException.invalid("--header is for tsv and csv; JSON lines name their fields");
    }
  }

  @Override
  public void header(byte[] line) {
    throw DwarfException.invalid("JSON lines have no header");
  }

  @Override
  public InputRecord parse(byte[] line) {
    JsonNode object = object(line);
    byte[] keyBytes = form.parse(text(object, key));
    byte[] valueBytes = value == null ? line : form.parse(text(object, value));
    return InputRecord.checked(keyBytes, valueBytes);
  }

  private JsonNode object(byte[] line) {
    try {
      JsonNode node = mapper.readTree(line);
      if (!node.isObject()) {
        throw DwarfException.invalid("not a JSON object");
      }
      return node;
    } catch (JsonParseException e) {
      throw new DwarfException(
          DwarfException.Kind.INVALID_ARGUMENT, "not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DwarfException(
          DwarfException.Kind.INVALID_ARGUMENT, "not one JSON object: " + firstLine(e), e);
    }
  }

  private static byte[] text(JsonNode object, String field) {
    JsonNode node = field.startsWith("/") ? object.at(field) : object.path(field);
    if (node.isMissingNode() || node.isNull()) {
      throw DwarfException.invalid("no field '" + field + "'");
    }
    String text = node.isValueNode() ? node.asText() : node.toString();
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
