/**
 * {@code fabric-bench}: what each transport of this build costs on this machine, measured through
 * the interface that everything uses, between two processes, beside what no transport can beat, and
 * against the goals that the project has set itself. Every transport gets two fresh processes: JVMs
 * that have compiled for one transport are no fair ground for the next.
 */
package dwarf.cli.fabric;
