/**
 * A disaggregated testbed on one machine: nodes, each with a share of the CPU and a path of its own
 * to shared storage, and processes of ours in them. What the machine does not allow is left out,
 * and said.
 */
package dwarf.evaluate.testbed;
