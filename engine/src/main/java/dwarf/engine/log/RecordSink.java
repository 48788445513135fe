package dwarf.engine.log;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;

/** Receives one record read from the log; the segments are valid during the call. */
@FunctionalInterface
public interface RecordSink {
  void record(long sequence, RecordType type, int family, MemorySegment key, MemorySegment value);
}
