package dwarf.storage;

import java.util.List;

/**
 * How to open a store.
 *
 * @param rocks tuning of the database and its default family; null: as stored with an existing
 *     database, {@link RocksOptions#defaults()} for a new one
 * @param families options of the other families; an existing family that is not listed opens with
 *     the options stored with the database
 * @param createIfMissing whether to create the database
 * @param errorIfExists whether an existing database is an error
 * @param createMissingFamilies whether to create families that are listed but do not exist
 */
public record StoreOptions(
    RocksOptions rocks,
    List<FamilySpec> families,
    boolean createIfMissing,
    boolean errorIfExists,
    boolean createMissingFamilies) {

  public StoreOptions {
    families = List.copyOf(families);
  }

  /** An existing database with the options stored in it. */
  public static StoreOptions existing() {
    return new StoreOptions(null, List.of(), false, false, false);
  }

  /** Opens or creates, with these options. */
  public static StoreOptions createIfMissing(RocksOptions rocks) {
    return new StoreOptions(rocks, List.of(), true, false, false);
  }
}
