/**
 * The one launcher: every role (memory node, worker, engine), every tool, and the demo, as commands
 * of one program.
 */
package dwarf.cli;
