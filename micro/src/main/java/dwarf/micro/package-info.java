/**
 * Micro-benchmarks of single parts, under JMH: {@code ./dwarf micro [-h] [pattern]}. They find out
 * where time goes; what a user gets is measured by {@code ./dwarf bench}.
 */
package dwarf.micro;
