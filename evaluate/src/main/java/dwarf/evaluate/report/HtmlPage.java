package dwarf.evaluate.report;

import com.fasterxml.jackson.databind.JsonNode;
import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An evaluation as one HTML file: skeleton, style, scripts, Chart.js and the evaluation's JSON, all
 * in it. The browser makes tables and plots out of that JSON, so what the page shows is what the
 * file holds, and the numbers can be taken out of the page again.
 *
 * <ol>
 *   <li>The file refers to nothing outside of itself, and its content security policy forbids it.
 *   <li>No text of the evaluation is ever markup: in the file every {@code <} of the JSON is
 *       written as an escape, and the scripts make text nodes only.
 * </ol>
 *
 * <p>Rejected: rendering plots here, as SVG. It would need no script, but a reader could neither
 * see a value under the pointer nor change the scheme, and the file would not carry its data.
 */
public final class HtmlPage {

  /** The version of the JSON the scripts read. */
  private static final int FORMAT = 1;

  /** Places in the skeleton, filled in one pass, so that what is put in is not searched again. */
  private static final Pattern SLOT =
      Pattern.compile("<!-- (style|script|chart|data)(?: ([a-z-]+\\.(?:css|js)))? -->");

  private HtmlPage() {}

  /** The page of that evaluation; INVALID_ARGUMENT if it is none of the format known here. */
  public static String of(JsonNode evaluation) {
    int format = evaluation.path("format").asInt();
    if (format != FORMAT) {
      throw new DwarfException(
          Kind.INVALID_ARGUMENT,
          "an evaluation of format "
              + FORMAT
              + " is needed for a page, this one has format "
              + format
              + "; make the page with the version that made the evaluation");
    }
    return SLOT.matcher(Assets.own("report.html"))
        .replaceAll(slot -> Matcher.quoteReplacement(fill(slot, evaluation)));
  }

  private static String fill(MatchResult slot, JsonNode evaluation) {
    return switch (slot.group(1)) {
      case "style" -> "<style>\n" + Assets.own(slot.group(2)) + "</style>";
      case "script" -> script("", Assets.own(slot.group(2)));
      case "chart" -> script("", Assets.chart());
      default -> script(" type=\"application/json\" id=\"evaluation\"", embeddable(evaluation));
    };
  }

  private static String script(String attributes, String text) {
    if (text.toLowerCase(Locale.ROOT).contains("</script")) {
      throw new DwarfException(
          Kind.INTERNAL, "a script of the page would end early: it has a script's end tag in it");
    }
    return "<script" + attributes + ">\n" + text + "\n</script>";
  }

  /** Outside of strings JSON has no {@code <}, and inside of them this escape means the same. */
  private static String embeddable(JsonNode evaluation) {
    return evaluation.toString().replace("<", "\\u003c");
  }
}
