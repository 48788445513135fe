package dwarf.base;

/**
 * Is told each step of a memtable's way through the system ("offload.sealed", "install.ingested"),
 * on the thread that does it, before the next step begins. For observability, and for fault tests,
 * which stop the process at a chosen step. Names are documented where the steps are taken.
 */
@FunctionalInterface
public interface StepListener {

  StepListener NONE = step -> {};

  void reached(String step);
}
