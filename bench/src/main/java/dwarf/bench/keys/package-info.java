/** Which keys a benchmark touches, how a key is spelled, and what values hold. */
package dwarf.bench.keys;
