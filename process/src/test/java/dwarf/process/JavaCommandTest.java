package dwarf.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaCommandTest {

  @Test
  void childrenStartFromTheCacheOfTheirParent() {
    assertThat(JavaCommand.inherited(List.of("-Xmx512m", "-XX:AOTCache=/x/y.aot", "-Da=b")))
        .containsExactly("-XX:AOTCache=/x/y.aot");
    assertThat(JavaCommand.inherited(List.of("-Xmx512m"))).isEmpty();
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
