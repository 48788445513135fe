/** What is measured: scenarios, their experiments, and what was published about such workloads. */
package dwarf.evaluate.catalog;
