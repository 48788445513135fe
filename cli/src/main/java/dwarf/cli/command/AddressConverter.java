package dwarf.cli.command;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Lets options take addresses such as 127.0.0.1:7000. */
public final class AddressConverter implements ITypeConverter<FabricAddress> {

  @Override
  public FabricAddress convert(String text) {
    try {
      return FabricAddress.parse(text);
    } catch (DwarfException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
