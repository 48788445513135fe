package dwarf.cli.demo;

import dwarf.base.DwarfException;
import dwarf.cli.input.BadLines;
import dwarf.cli.input.InputRecord;
import dwarf.cli.input.RecordSource;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What one pass over the input tells: how much there is, and which records the database must hold
 * in the end, for if a key comes twice the last one counts.
 *
 * @param records records in the input
 * @param entries different keys among them
 * @param bytes bytes of keys and values of all records
 * @param last by ordinal, whether a record is the last one of its key
 */
record InputFacts(int records, int entries, long bytes, BitSet last) {

  /** Of a key, so much of a cryptographic hash that two different ones never share it. */
  private record Fingerprint(long high, long low) {}

  static InputFacts of(DemoInput input, BadLines badLines) {
    Map<Fingerprint, Integer> lastOrdinals = new HashMap<>();
    BitSet last = new BitSet();
    MessageDigest hash = sha256();
    int records = 0;
    long bytes = 0;
    try (RecordSource source = input.open(badLines)) {
      for (InputRecord record = source.next(); record != null; record = source.next()) {
        ByteBuffer digest = ByteBuffer.wrap(hash.digest(record.key()));
        Fingerprint key = new Fingerprint(digest.getLong(), digest.getLong());
        Integer earlier = lastOrdinals.put(key, records);
        if (earlier != null) {
          last.clear(earlier);
        }
        last.set(records);
        records++;
        bytes += record.key().length + record.value().length;
      }
    }
    return new InputFacts(records, lastOrdinals.size(), bytes, last);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new DwarfException(
          DwarfException.Kind.INTERNAL, "every Java platform must have SHA-256", e);
    }
  }
}
