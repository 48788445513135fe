package dwarf.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

class StoreErrorsTest {

  @Test
  void aFullDiskIsToldByItsSubcode() {
    assertNoSpace(Status.SubCode.NoSpace, "While appending to file");
  }

  @Test
  void aFullDiskIsToldEvenWhereOpeningHasDroppedTheSubcode() {
    assertNoSpace(
        Status.SubCode.None,
        "DB::Open() failed --- Unable to persist Options file: IO error: No space left on device:"
            + " While appending to file: /db/OPTIONS-000251.dbtmp: No space left on device");
  }

  @Test
  void otherTroubleIsNotTakenForAFullDisk() {
    assertThat(StoreErrors.kind(failure(Status.SubCode.None, "While appending to file")))
        .isEqualTo(Kind.IO_ERROR);
  }

  private static void assertNoSpace(Status.SubCode subCode, String text) {
    DwarfException e = StoreErrors.of("opening", failure(subCode, text));
    assertThat(e.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(e).hasMessageContaining(text).hasMessageEndingWith("make room");
  }

  private static RocksDBException failure(Status.SubCode subCode, String text) {
    return new RocksDBException(text, new Status(Status.Code.IOError, subCode, text));
  }
}
