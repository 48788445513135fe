/** Runs experiments: trials on a testbed, both engines in turn, and what they come to. */
package dwarf.evaluate.run;
