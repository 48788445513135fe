package dwarf.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionStringsTest {

  @Test
  void nestedOptionsStayTogetherAndLaterOnesWin() {
    Properties merged = OptionStrings.merge("a=1;t={x=1;y={z=2}};", " a = 3 ; b=4");
    assertThat(merged).containsOnlyKeys("a", "b", "t");
    assertThat(merged).containsEntry("a", "3").containsEntry("t", "{x=1;y={z=2}}");
    assertThat(OptionStrings.merge("", "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a={b", "a=}", "a", "=1"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> OptionStrings.merge("", text)).isInstanceOf(DwarfException.class);
  }
}
