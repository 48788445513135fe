package dwarf.bench.rocks;

import dwarf.base.DwarfException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Failures of the peer in our terms. */
final class PeerErrors {

  private PeerErrors() {}

  static DwarfException of(String doing, RocksDBException e) {
    boolean damaged = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
    return new DwarfException(
        damaged ? DwarfException.Kind.CORRUPTION : DwarfException.Kind.IO_ERROR,
        "RocksDB failed while " + doing + ": " + e.getMessage(),
        e);
  }
}
