/** Counters and gauges: everything the engine can tell about itself, declared in one enum. */
package dwarf.engine.stats;
