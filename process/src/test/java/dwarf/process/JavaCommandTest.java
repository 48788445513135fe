package dwarf.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaCommandTest {

  @Test
  void childrenStartFromTheCacheUnlessTheyMeasureAnEngine() {
    assertThat(JavaCommand.cacheFlags("/x/y.aot", List.of("worker", "--slots", "1")))
        .containsExactly("-XX:AOTCache=/x/y.aot");
    assertThat(JavaCommand.cacheFlags("/x/y.aot", List.of())).hasSize(1);
    assertThat(JavaCommand.cacheFlags("/x/y.aot", List.of("bench", "--num=1"))).isEmpty();
    assertThat(JavaCommand.cacheFlags(null, List.of("worker"))).isEmpty();
  }

  @Test
  void theirFlagsComeBeforeTheClassAndItsArguments() {
    List<String> command =
        JavaCommand.of(JavaCommandTest.class, List.of("-Xmx64m"), List.of("a", "b"));
    assertThat(command.getFirst()).endsWith("java");
    assertThat(command)
        .containsSubsequence(
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            JavaCommandTest.class.getName(),
            "a",
            "b");
  }
}
