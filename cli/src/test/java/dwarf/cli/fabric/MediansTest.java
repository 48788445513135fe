package dwarf.cli.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {

  @Test
  void takesEachNumberForItself() throws Exception {
    ObjectNode medians =
        Medians.of(
            List.of(
                result("{'tcp': {'rate': 1, 'us': 9}, 'shm': {'rate': 5}}"),
                result("{'tcp': {'rate': 3, 'us': 7}, 'shm': {'rate': 6}}"),
                result("{'tcp': {'rate': 2, 'us': 8}}")));
    assertThat(medians)
        .isEqualTo(result("{'tcp': {'rate': 2.0, 'us': 8.0}, 'shm': {'rate': 5.5}}"));
  }

  private static ObjectNode result(String text) throws Exception {
    return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
  }
}
