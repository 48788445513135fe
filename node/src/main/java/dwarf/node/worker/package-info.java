/**
 * The worker: takes flush tasks from a memory node under a lease, streams their key ranges from
 * disaggregated memory without that node's CPU, and leaves SST files in the owner's staging
 * directory. It keeps nothing between tasks; whatever happens to it, the owner repeats the task
 * under a new attempt and new file names.
 */
package dwarf.node.worker;
