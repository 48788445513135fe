package dwarf.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BarTest {

  @Test
  void barsAreFullInProportionAndNeverHideASmallPart() {
    assertThat(Bar.of(0, 100, 4)).isEqualTo("....");
    assertThat(Bar.of(50, 100, 4)).isEqualTo("##..");
    assertThat(Bar.of(1, 100, 4)).isEqualTo("#...");
    assertThat(Bar.of(200, 100, 4)).isEqualTo("####");
    assertThat(Bar.of(5, 0, 4)).isEqualTo("....");
  }

  @Test
  void numbersAndTimesReadWell() {
    assertThat(Bar.count(1234567)).isEqualTo("1,234,567");
    assertThat(Bar.seconds(0.4249)).isEqualTo("0.42 s");
    assertThat(Bar.seconds(61.7)).isEqualTo("62 s");
    assertThat(Bar.seconds(185)).isEqualTo("3 min 5 s");
  }

  @Test
  void tablesLineUp() {
    Table table = new Table("lr");
    table.row("reads", "5");
    table.row("w", "1,000");
    assertThat(table.toString()).isEqualTo("reads      5\nw      1,000\n");
  }
}
