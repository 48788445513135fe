/**
 * The page of an evaluation: one HTML file that needs no other and no network, made from the
 * evaluation's JSON.
 */
package dwarf.evaluate.report;
