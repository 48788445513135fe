package dwarf.bench.flags;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Truth as db_bench's flags spell it: {@code --sync}, {@code --sync=1}, {@code --sync=false}. */
final class FlagBoolean implements ITypeConverter<Boolean> {

  @Override
  public Boolean convert(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "1" -> true;
      case "false", "f", "no", "n", "0" -> false;
      default -> throw new TypeConversionException("'" + text + "' is neither true nor false");
    };
  }
}
