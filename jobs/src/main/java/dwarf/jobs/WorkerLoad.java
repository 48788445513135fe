package dwarf.jobs;

import dwarf.base.DwarfException;

/**
 * How busy one worker is.
 *
 * @param storageBytesPerSecond what it writes now
 * @param storageCapBytesPerSecond what its path to storage can carry; 0 if it did not say
 */
public record WorkerLoad(
    long worker,
    int running,
    int slots,
    long storageBytesPerSecond,
    long storageCapBytesPerSecond) {

  public WorkerLoad {
    if (running < 0 || slots < 0 || storageBytesPerSecond < 0 || storageCapBytesPerSecond < 0) {
      throw DwarfException.invalid("negative load of worker " + worker);
    }
  }

  public boolean hasFreeSlot() {
    return running < slots;
  }

  /** 0 is idle; each fully used resource, slots and storage bandwidth, adds 1. */
  public double score() {
    double storage =
        storageCapBytesPerSecond == 0
            ? 0
            : (double) storageBytesPerSecond / storageCapBytesPerSecond;
    return slots == 0 ? Double.POSITIVE_INFINITY : (double) running / slots + storage;
  }
}
