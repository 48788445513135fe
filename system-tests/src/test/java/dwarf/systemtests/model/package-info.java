/**
 * Random operation streams against a sorted map. {@link dwarf.systemtests.model.ModelRun} makes
 * {@link dwarf.systemtests.model.Request}s and knows what each must answer; a {@link
 * dwarf.systemtests.model.ModelSubject} answers them, in this process or in one that is killed.
 */
package dwarf.systemtests.model;
