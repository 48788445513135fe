/**
 * The demo: a memory node, two workers and an engine as processes of their own, real data, kills,
 * and a comparison of every value with the input. {@link dwarf.cli.demo.Demo} is the script, {@link
 * dwarf.cli.demo.EngineServer} the engine's side of it; between them go JSON lines.
 */
package dwarf.cli.demo;
