package dwarf.cli.input;

import dwarf.cli.text.TextForm;

/**
 * How to read a file.
 *
 * @param key the key's column: a number from 1, or a name (with a header, or for JSON); null for
 *     column 1, or JSON's field "key"
 * @param value the value's column in the same way; null for all the others together
 * @param header whether the first line of a TSV or CSV names the columns
 * @param form how keys and values are written in the columns
 */
public record InputSpec(
    InputFormat format, String key, String value, boolean header, TextForm form) {}
