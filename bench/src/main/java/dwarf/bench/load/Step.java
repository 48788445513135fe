package dwarf.bench.load;

import dwarf.base.DwarfException;
import java.util.ArrayList;
import java.util.List;

/** One entry of {@code --benchmarks}: something measured, or something done in between. */
public sealed interface Step permits BenchmarkCall, MetaOperation {

  /** Steps separated by commas. */
  static List<Step> parse(String text) {
    List<Step> steps = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String name = part.strip();
      if (!name.isEmpty()) {
        MetaOperation meta = MetaOperation.named(name);
        steps.add(meta == null ? BenchmarkCall.parse(name) : meta);
      }
    }
    if (steps.isEmpty()) {
      throw DwarfException.invalid("--benchmarks names none");
    }
    return List.copyOf(steps);
  }
}
