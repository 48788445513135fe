package dwarf.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser: its scripts run through, and everything it promises is drawn. */
class HtmlPageInBrowserTest {

  @TempDir Path directory;

  private Chromium browser;

  @BeforeEach
  void findBrowser() {
    Optional<Chromium> found = Chromium.find();
    assumeTrue(found.isPresent(), "no chromium, chromium-browser or google-chrome on the PATH");
    browser = found.get();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyPlotIsDrawnInEitherScheme(String theme) throws IOException {
    String elements = elements(SyntheticEvaluation.of(1), "?all=1&theme=" + theme);
    assertThat(elements).contains("data-done=\"true\"").doesNotContain("data-errors");
    int canvases = count(elements, "<canvas ");
    assertThat(canvases).isEqualTo(expectedPlots());
    assertThat(count(elements, "data-drawn=\"" + theme + "\"")).isEqualTo(canvases);
  }

  /** The link leads into closed details: they open, and what is near it is drawn, no more. */
  @Test
  void onlyWhatIsNearTheWindowIsDrawnAndALinkOpensWhatItLeadsInto() throws IOException {
    String elements = elements(SyntheticEvaluation.of(1), "#experiment-size-dm-4x");
    assertThat(elements).contains("data-done=\"true\"").doesNotContain("data-errors");
    assertThat(count(elements, "<details open")).isEqualTo(1);
    assertThat(count(elements, "data-drawn="))
        .isPositive()
        .isLessThan(count(elements, "<canvas ") / 2);
  }

  @Test
  void anotherSchemeIsDrawnAgain() throws IOException {
    String page = HtmlPage.of(SyntheticEvaluation.of(1));
    String click = "<script>document.querySelector('button').click()</script></body>";
    Path clicked = directory.resolve("clicked.html");
    Files.writeString(clicked, page.replace("</body>", click));
    String elements =
        browser.elementsOf(clicked, "?all=1&theme=light#experiment-write-burst", directory);
    assertThat(elements).contains("data-theme=\"dark\"").doesNotContain("data-errors=");
    assertThat(count(elements, "data-drawn=\"light\"")).isZero();
    assertThat(count(elements, "data-drawn=\"dark\"")).isPositive();
  }

  @Test
  void everyNumberOfTheTableIsShownAndTextStaysText() throws IOException {
    ObjectNode evaluation = SyntheticEvaluation.of(2);
    String elements = elements(evaluation, "");
    int rows = 0;
    for (JsonNode row :
        evaluation.findValues("rows").stream().flatMap(JsonNode::valueStream).toList()) {
      rows++;
      for (String side : new String[] {"ours", "peer"}) {
        if (row.has(side)) {
          String median =
              String.format(
                  Locale.ROOT, "%,.0f&nbsp;ops/s", row.path(side).path("median").asDouble());
          assertThat(elements).contains(median);
        }
      }
    }
    assertThat(count(elements, "<tr data-benchmark=")).isEqualTo(rows + 1);
    assertThat(elements).contains("✕ failed").contains("Updates &lt;b&gt;in bold&lt;/b&gt;");
    assertThat(elements).doesNotContain("<b>").contains("<title>DwaRF-LSM evaluation</title>");
  }

  @Test
  void anEvaluationOfNothingIsAPageToo() throws IOException {
    String elements = elements(SyntheticEvaluation.empty(), "?all=1");
    assertThat(elements).contains("data-done=\"true\"").doesNotContain("data-errors");
    assertThat(elements).contains("No experiment was run.");
  }

  /** In frames of those widths, since a browser's own window has a least width. */
  @Test
  void thePageIsNeverWiderThanItsWindow() throws IOException {
    Files.writeString(directory.resolve("page.html"), HtmlPage.of(SyntheticEvaluation.of(1)));
    String frames =
        """
        <!doctype html>
        <iframe src='page.html?all=1' width=390 height=900></iframe>
        <iframe src='page.html?all=1' width=1280 height=900></iframe>
        <script>
        const over = (frame) => {
          const root = frame.contentDocument.documentElement;
          return root.scrollWidth - root.clientWidth;
        };
        onload = () => {
          document.body.dataset.over = [...document.querySelectorAll('iframe')].map(over).join();
        };
        </script>
        """;
    Path outer = Files.writeString(directory.resolve("frames.html"), frames);
    assertThat(browser.elementsOf(outer, "", directory)).contains("data-over=\"0,0\"");
  }

  /**
   * Eight benchmarks measured on both sides: throughput and two memories each, and one latency, but
   * two for reads beside writes; one measured on one side only; three plots a whole run; a sweep.
   */
  private static int expectedPlots() {
    int both = 8 * (1 + 2 + 1) + 1;
    int oneSided = 1 + 1 + 1;
    int whole = 3 * (1 + 1 + 1 + 5);
    return both + oneSided + whole + 1;
  }

  private String elements(ObjectNode evaluation, String query) throws IOException {
    Path page = directory.resolve("page.html");
    Files.writeString(page, HtmlPage.of(evaluation), StandardCharsets.UTF_8);
    String elements = browser.elementsOf(page, query, directory);
    return elements.replaceAll("(?s)<script.*?</script>", "");
  }

  private static int count(String text, String part) {
    return (int) Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }
}
