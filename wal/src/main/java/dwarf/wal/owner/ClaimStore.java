package dwarf.wal.owner;

import dwarf.wal.io.Disk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The owners' records, one file per epoch. A record is created exclusively, which is what a claim
 * is, and later changed only by its owner; so no late write of an old owner can hide a newer one.
 * The owner is who has the highest epoch; that record is never removed, only succeeded.
 */
record ClaimStore(Layout layout, SmallFiles files) {

  private Disk disk() {
    return files.disk();
  }

  /** All records by epoch. */
  NavigableMap<Long, OwnerRecord> readAll() throws IOException {
    NavigableMap<Long, OwnerRecord> records = new TreeMap<>();
    if (disk().exists(layout.claims())) {
      for (String name : disk().list(layout.claims())) {
        OwnerRecord record = Layout.number(name) == 0 ? null : read(Layout.number(name));
        if (record != null) {
          records.put(record.epoch(), record);
        }
      }
    }
    return records;
  }

  /** One record; null if there is none. */
  OwnerRecord read(long epoch) throws IOException {
    MemorySegment bytes = files.read(layout.claim(epoch), OwnerRecord.MAX_BYTES);
    return bytes == null ? null : OwnerRecord.decode(layout.claim(epoch), bytes);
  }

  /** The highest epoch anybody has claimed, by name or by the pointer; 0 if none. */
  long highestEpoch() throws IOException {
    long highest = 0;
    for (String name : disk().list(layout.claims())) {
      highest = Math.max(highest, Layout.number(name));
    }
    MemorySegment pointer = files.read(layout.pointer(), OwnerRecord.MAX_BYTES);
    if (pointer != null) {
      highest = Math.max(highest, OwnerRecord.decode(layout.pointer(), pointer).epoch());
    }
    return highest;
  }

  /** Claims the record's epoch; false if somebody else has. */
  boolean create(OwnerRecord record) throws IOException {
    files.createDirectories(layout.claims());
    return files.create(layout.claim(record.epoch()), record.encode());
  }

  /** Changes the owner's own record. */
  void update(OwnerRecord record) throws IOException {
    files.replace(layout.claim(record.epoch()), record.encode());
  }

  /** Points everybody who looks to this record. */
  void publish(OwnerRecord record) throws IOException {
    files.replace(layout.pointer(), record.encode());
  }

  /** Takes back a claim under which nothing has been served; a winner may have swept it. */
  void withdraw(long epoch) throws IOException {
    files.deleteIfThere(layout.claim(epoch));
  }

  /** Removes the records of earlier owners, and unfinished files. */
  void sweepBelow(long epoch) throws IOException {
    for (String name : disk().list(layout.claims())) {
      long number = Layout.number(name);
      if (number != 0 ? number < epoch : name.endsWith(SmallFiles.UNFINISHED)) {
        files.deleteIfThere(layout.claims().resolve(name));
      }
    }
    for (String name : disk().list(layout.dwarf())) {
      if (name.endsWith(SmallFiles.UNFINISHED)) {
        files.deleteIfThere(layout.dwarf().resolve(name));
      }
    }
  }
}
