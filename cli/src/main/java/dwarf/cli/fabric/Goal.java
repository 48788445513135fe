package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * One goal, and what was measured.
 *
 * @param beside what the measured value is divided by: another measurement, or the goal itself
 * @param times how many times {@code beside} is the goal
 * @param atLeast whether more is better
 */
record Goal(
    String what, String unit, double measured, double beside, double times, boolean atLeast) {

  double ratio() {
    return measured / beside;
  }

  boolean isMet() {
    return atLeast ? ratio() >= times : ratio() <= times;
  }

  /** The goal in words, like {@code >= 0.85 x}. */
  String demand() {
    String sign = atLeast ? ">= " : "<= ";
    return times == 1 && isAbsolute()
        ? sign + number(beside) + " " + unit
        : sign + String.format(Locale.ROOT, "%.2f x", times);
  }

  private boolean isAbsolute() {
    return !what.contains(Goals.BESIDE);
  }

  String measuredText() {
    return number(measured) + " " + unit;
  }

  String besideText() {
    return isAbsolute() ? "" : number(beside) + " " + unit;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }

  void into(ObjectNode goal) {
    goal.put("goal", what)
        .put("unit", unit)
        .put("measured", measured)
        .put("beside", beside)
        .put("ratio", ratio())
        .put("demand", demand())
        .put("met", isMet());
  }
}
