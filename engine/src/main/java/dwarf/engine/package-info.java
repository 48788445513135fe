/**
 * The database for its users ({@link dwarf.engine.DwarfDB} and the option classes), and the place
 * where its parts are put together ({@link dwarf.engine.Opening}) and used ({@link
 * dwarf.engine.Database}). Subpackages are internal.
 */
package dwarf.engine;
