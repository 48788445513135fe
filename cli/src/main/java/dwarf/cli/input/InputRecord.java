package dwarf.cli.input;

import dwarf.base.DwarfException;
import dwarf.base.Keys;
import dwarf.base.Limits;
import java.lang.foreign.MemorySegment;

/** One entry of an input; the arrays belong to the reader of the record, equality is not used. */
@SuppressWarnings("ArrayRecordComponent")
public record InputRecord(byte[] key, byte[] value) {

  /** The record, or INVALID_ARGUMENT if no database can hold it. */
  static InputRecord checked(byte[] key, byte[] value) {
    if (key.length == 0) {
      throw DwarfException.invalid("the key is empty");
    }
    if (Keys.isMarker(MemorySegment.ofArray(key))) {
      throw DwarfException.invalid("this key is reserved for the flush marker");
    }
    Limits.checkKeyValue(key.length, value.length);
    return new InputRecord(key, value);
  }
}
