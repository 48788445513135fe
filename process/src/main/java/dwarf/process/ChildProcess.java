package dwarf.process;

import dwarf.base.DwarfException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process of ours, spoken to by lines on its standard input and output; its standard error goes
 * to a log file. {@link #close} leaves no process behind, and the child's end is always waited for.
 *
 * <p>Threads: one reader thread fills a bounded queue (a child that talks faster than it is heard
 * waits); the other methods are for one thread.
 */
public final class ChildProcess implements AutoCloseable {

  private static final int MAX_QUEUED_LINES = 1024;
  private static final int TAIL_LINES = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final Path log;
  private final Process process;
  private final BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(MAX_QUEUED_LINES);
  private final Thread reader;

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.reader = Thread.ofPlatform().daemon().name(name + "-output").start(this::readLines);
  }

  /** Starts {@code command}; its standard error is appended to {@code log}. */
  public static ChildProcess start(String name, List<String> command, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return new ChildProcess(name, log, builder.start());
    } catch (IOException e) {
      throw DwarfException.io("cannot start " + name + " (" + command.getFirst() + "): " + e, e);
    }
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends one line to its standard input. */
  public void send(String line) {
    try {
      OutputStream in = process.getOutputStream();
      in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE, name + " does not listen any more. " + lastWords(), e);
    }
  }

  /** Ends its standard input. */
  public void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE, name + " does not listen any more. " + lastWords(), e);
    }
  }

  /** Its next line of output; UNAVAILABLE, with the end of its log, if it ends or stays silent. */
  public String receive(Duration patience) {
    Optional<String> line = next(patience);
    if (line.isEmpty()) {
      awaitEnd(PATIENCE);
      throw DwarfException.unavailable(name + " ended. " + lastWords());
    }
    return line.get();
  }

  /** Its next line of output, or empty at its end; UNAVAILABLE if neither comes in time. */
  public Optional<String> next(Duration patience) {
    try {
      Optional<String> line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw DwarfException.unavailable(
            name + " neither said anything nor ended in " + patience + ". " + lastWords());
      }
      if (line.isEmpty()) {
        lines.add(line);
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE, "interrupted while waiting for " + name, e);
    }
  }

  /** Its exit status, after {@link #next} has told of its end. */
  public int exitStatus() {
    if (!awaitEnd(PATIENCE)) {
      throw DwarfException.unavailable(name + " closed its output and did not end. " + lastWords());
    }
    return process.exitValue();
  }

  /** What its log ends with, and whether it still runs. */
  public String lastWords() {
    String status = process.isAlive() ? "it still runs" : "exit status " + process.exitValue();
    return status + "; its log " + log + " ends with: " + logTail();
  }

  /** kill -9, and waits until it is gone: no hook runs, nothing is flushed. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(PATIENCE);
  }

  /** Asks it to stop (SIGTERM) and returns its exit status; kills it if it does not listen. */
  public int stop() {
    // Not Process.destroy, which would close our end of its pipes and lose its last words.
    process.toHandle().destroy();
    if (!awaitEnd(PATIENCE)) {
      kill();
    }
    return process.exitValue();
  }

  private boolean awaitEnd(Duration patience) {
    boolean interrupted = Thread.interrupted();
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      return !process.isAlive();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void readLines() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.put(Optional.of(line));
      }
      lines.put(Optional.empty());
    } catch (IOException e) {
      // The pipe of a process that was killed breaks; for the listener that is the end.
      lines.offer(Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String logTail() {
    try {
      List<String> all = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      List<String> tail = all.subList(Math.max(0, all.size() - TAIL_LINES), all.size());
      return tail.isEmpty() ? "(nothing)" : String.join(" | ", tail);
    } catch (IOException e) {
      return "(cannot be read: " + e + ")";
    }
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    reader.interrupt();
    awaitEnd(PATIENCE);
  }
}
