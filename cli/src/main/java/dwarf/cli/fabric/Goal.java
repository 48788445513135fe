package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * One goal, and what was measured.
 *
 * @param beside another measurement, of which the goal is so many {@code times}
 */
record Goal(String what, String unit, double measured, Beside beside, Bound bound) {

  /** What else was measured; its name is empty if the goal is the bound alone. */
  record Beside(String name, double value) {

    static final Beside NOTHING = new Beside("", 1);
  }

  /** The least or the most, in units of what it is beside. */
  record Bound(boolean isLeast, double value) {

    static Bound least(double value) {
      return new Bound(true, value);
    }

    static Bound most(double value) {
      return new Bound(false, value);
    }

    boolean allows(double ratio) {
      return isLeast ? ratio >= value : ratio <= value;
    }

    String sign() {
      return isLeast ? ">= " : "<= ";
    }
  }

  boolean isMeasured() {
    return !Double.isNaN(measured / beside.value());
  }

  boolean isMet() {
    return bound.allows(measured / beside.value());
  }

  private boolean isAbsolute() {
    return beside.name().isEmpty();
  }

  /** What was measured, of what it is measured beside or of the goal. */
  double ratio() {
    return measured / (isAbsolute() ? bound.value() : beside.value());
  }

  String measuredText() {
    return number(measured) + " " + unit;
  }

  String besideText() {
    return isAbsolute() ? "" : beside.name() + " " + number(beside.value()) + " " + unit;
  }

  /** The goal and whether it is met. */
  String verdict() {
    String demand =
        isAbsolute()
            ? number(bound.value()) + " " + unit
            : String.format(Locale.ROOT, "%.2f x", bound.value());
    return bound.sign() + demand + (isMet() ? ", met" : ", NOT met");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }

  void into(ObjectNode goal) {
    goal.put("what", what)
        .put("unit", unit)
        .put("measured", measured)
        .put("beside", beside.name())
        .put("besideValue", beside.value())
        .put("ratio", ratio())
        .put(bound.isLeast() ? "least" : "most", bound.value())
        .put("met", isMet());
  }
}
