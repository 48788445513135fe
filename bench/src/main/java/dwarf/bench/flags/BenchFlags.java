package dwarf.bench.flags;

import dwarf.base.DwarfException;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * All flags of {@code bench}. Names, defaults and meanings are db_bench's where it has the flag.
 */
public final class BenchFlags {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Mixin private PlaceFlags place;
  @Mixin private WorkloadFlags workload;
  @Mixin private TierFlags tier;
  @Mixin private OutputFlags output;

  /** Wrong usage is a ParameterException. Call it before anything else. */
  public void check() {
    FlagCheck check = new FlagCheck(command.commandLine());
    place.check(check);
    workload.check(check);
    tier.check(check);
    tier.settle(place.engine());
    output.check(check);
  }

  public PlaceFlags place() {
    return place;
  }

  public WorkloadFlags workload() {
    return workload;
  }

  public TierFlags tier() {
    return tier;
  }

  public OutputFlags output() {
    return output;
  }

  /**
   * The flags given by name, without the dashes; checked. A name that is no flag, or a value that
   * makes no sense, is INVALID_ARGUMENT.
   */
  public static BenchFlags of(Map<String, String> given) {
    Host host = new Host();
    CommandLine parser = new CommandLine(host).setCaseInsensitiveEnumValuesAllowed(true);
    try {
      parser.parseArgs(
          given.entrySet().stream()
              .map(flag -> "--" + flag.getKey() + "=" + flag.getValue())
              .toArray(String[]::new));
      host.flags.check();
      return host.flags;
    } catch (CommandLine.ParameterException e) {
      throw new DwarfException(DwarfException.Kind.INVALID_ARGUMENT, e.getMessage(), e);
    }
  }

  /** What the flags hang on where there is no command line. */
  @Command
  private static final class Host {
    @Mixin private BenchFlags flags;
  }

  /** Every flag by name, with the value it has, given or not. */
  public Map<String, String> values() {
    Map<String, String> values = new TreeMap<>();
    for (OptionSpec option : command.options()) {
      boolean ours =
          option.userObject() instanceof Field field
              && field.getDeclaringClass().getPackage() == BenchFlags.class.getPackage();
      if (ours) {
        Object value = option.getValue();
        values.put(option.longestName().substring(2), value == null ? "" : value.toString());
      }
    }
    return values;
  }
}
