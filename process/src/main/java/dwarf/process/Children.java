package dwarf.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The processes that a command has started. All end with the command: on {@link #close}, and by a
 * shutdown hook if this process is told to stop; a child that watches its standard input ends even
 * if this process is killed.
 */
public final class Children implements AutoCloseable {

  private final Class<?> mainClass;
  private final Path logDirectory;
  private final List<ChildProcess> all = new CopyOnWriteArrayList<>();
  private final Thread hook = Thread.ofPlatform().name("reap-children").unstarted(this::reap);

  /** Children run {@code mainClass} and log into {@code logDirectory}. */
  public Children(Class<?> mainClass, Path logDirectory) {
    this.mainClass = mainClass;
    this.logDirectory = logDirectory;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts a child whose command line is {@code arguments}, in a JVM with {@code jvmFlags}. */
  public ChildProcess start(String name, List<String> jvmFlags, List<String> arguments) {
    return start(name, command(jvmFlags, arguments));
  }

  /** The command that {@link #start(String, List, List)} runs, for a caller that wraps it. */
  public List<String> command(List<String> jvmFlags, List<String> arguments) {
    return JavaCommand.of(mainClass, jvmFlags, arguments);
  }

  /** Starts a child that runs {@code command}. */
  public ChildProcess start(String name, List<String> command) {
    ChildProcess child = ChildProcess.start(name, command, logDirectory.resolve(name + ".log"));
    all.add(child);
    return child;
  }

  private void reap() {
    List<ChildProcess> latestFirst = new ArrayList<>(all).reversed();
    latestFirst.forEach(ChildProcess::close);
  }

  @Override
  public void close() {
    reap();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook is running already, and has the same list.
      return;
    }
    all.clear();
  }
}
