package dwarf.cli.demo;

import dwarf.base.Clock;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.db.DatabaseArgs;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.input.BadLines;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code demo-engine}: the engine process of the demo, told what to do on standard input. */
@Command(name = "demo-engine", hidden = true, description = "The engine process of the demo.")
public final class DemoEngineCommand implements Callable<Integer> {

  private final Io io;

  @Mixin private DatabaseArgs database;
  @Mixin private InputArgs input;

  public DemoEngineCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    DatabaseArgs.Target target = database.target(List.of(), 0, 0);
    DemoInput records = input.input();
    InputFacts facts = InputFacts.of(records, new BadLines(io.err(), () -> {}));
    long start = Clock.SYSTEM.nanoTime();
    try (OpenDatabase open = database.open(target.directory(), false)) {
      long openMillis = (Clock.SYSTEM.nanoTime() - start) / 1_000_000;
      new EngineServer(open, records, facts, io.out()).serve(io.in(), openMillis);
    }
    return ExitCodes.OK;
  }
}
