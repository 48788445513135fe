package dwarf.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The file as text: needs nothing else, holds all data, and no data can become markup. */
class HtmlPageTest {

  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"evaluation\">(.*?)</script>", Pattern.DOTALL);

  private final ObjectNode evaluation = SyntheticEvaluation.of(1);
  private final String page = HtmlPage.of(evaluation);

  @Test
  void nothingOutsideOfTheFileIsNeeded() {
    String markup = page.replaceAll("(?s)(<script[^>]*>).*?</script>", "$1</script>");
    assertThat(markup).doesNotContainPattern("\\s(src|href)\\s*=\\s*[\"']?+(?!data:)");
    assertThat(markup).doesNotContain("@import").doesNotContain("url(").doesNotContain("http:");
    assertThat(markup).doesNotContain("https:").contains("default-src 'none'");
    assertThat(Assets.chart()).doesNotContain("sourceMappingURL");
  }

  @Test
  void everySlotOfTheSkeletonIsFilled() {
    assertThat(page).doesNotContainPattern("<!-- (style|script|chart|data)");
    assertThat(page).contains("Chart.js v").contains("function buildPage").contains("--ours:");
  }

  @Test
  void theEvaluationComesBackOutAsItWentIn() throws JsonProcessingException {
    assertThat(embedded(page)).isEqualTo(evaluation.toString());
  }

  @Test
  void textThatLooksLikeMarkupStaysInTheData() {
    assertThat(evaluation.toString()).contains(SyntheticEvaluation.MARKUP);
    assertThat(page).doesNotContain("<b>").doesNotContain("</script><script>document");
    assertThat(page).contains("\\u003c/script>");
  }

  /** The skeleton's slots are filled in one pass, so data that looks like a slot stays data. */
  @Test
  void textThatLooksLikeASlotStaysText() throws JsonProcessingException {
    ObjectNode odd = SyntheticEvaluation.empty().put("command", "<!-- chart --> $1 \\1");
    assertThat(embedded(HtmlPage.of(odd))).isEqualTo(odd.toString());
  }

  @Test
  void theScriptsMakeNoMarkupOfText() {
    String own = page.replace(Assets.chart(), "");
    assertThat(own).doesNotContain("innerHTML").doesNotContain("insertAdjacentHTML");
    assertThat(own).doesNotContain("outerHTML").doesNotContain("document.write");
  }

  @Test
  void anotherFormatIsRefused() {
    JsonNode other = JsonNodeFactory.instance.objectNode().put("format", 2);
    assertThatThrownBy(() -> HtmlPage.of(other))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("format 1")
        .hasMessageContaining("format 2");
  }

  /** As text: a number that fits an int comes back as one, whatever it was before. */
  private static String embedded(String page) throws JsonProcessingException {
    Matcher data = DATA.matcher(page);
    assertThat(data.find()).isTrue();
    return new ObjectMapper().readTree(data.group(1)).toString();
  }
}
