package dwarf.cli.db;

import dwarf.base.ByteSize;
import dwarf.base.DwarfException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Lets options take sizes such as 512MiB. */
public final class SizeConverter implements ITypeConverter<Long> {

  @Override
  public Long convert(String text) {
    try {
      return ByteSize.parse(text);
    } catch (DwarfException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
