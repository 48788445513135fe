package dwarf.bench.flags;

import dwarf.base.ByteSize;
import dwarf.base.DwarfException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes as a plain number, as db_bench wants them, or with a unit. */
final class FlagSize implements ITypeConverter<Long> {

  @Override
  public Long convert(String text) {
    try {
      return text.equals("-1") ? -1L : ByteSize.parse(text);
    } catch (DwarfException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
