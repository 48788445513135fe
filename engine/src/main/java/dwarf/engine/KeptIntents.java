package dwarf.engine;

import dwarf.engine.flush.InstallIntent;
import dwarf.engine.flush.Installer;
import dwarf.wal.owner.Ownership;
import java.lang.foreign.MemorySegment;

/** Keeps the intent of the newest install beside the owner's records. */
record KeptIntents(Ownership ownership) implements Installer.Intents {

  @Override
  public void keep(InstallIntent intent) {
    MemorySegment encoded = intent.encode();
    if (encoded.byteSize() <= InstallIntent.MAX_BYTES) {
      ownership.writeNote(InstallIntent.NOTE, encoded);
    }
  }

  @Override
  public void clear() {
    ownership.deleteNote(InstallIntent.NOTE);
  }
}
