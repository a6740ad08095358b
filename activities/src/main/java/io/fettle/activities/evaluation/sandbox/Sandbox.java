package io.fettle.activities.evaluation.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a program with no network, a read-only root that holds programs alone, a work folder of its
 * own, no rights, and a limit on everything; what it starts ends with it. Where this process is
 * root the program is another user. Never runs anything without: a machine that cannot do this is
 * {@link Unusable}.
 *
 * <p>Linux with util-linux, by {@code sandbox.sh}. Safe for concurrent use.
 */
public final class Sandbox {
  private final Path work;
  private final List<String> as;

  private final boolean confines;

  private Sandbox(Path work, List<String> as, boolean confines) {
    this.work = work;
    this.as = as;
    this.confines = confines;
  }

  /**
   * A sandbox on this machine.
   *
   * @param work a folder for what runs, each in one of its own, removed at its end
   */
  public static Sandbox in(Path work) {
    return new Sandbox(work, List.of(), true);
  }

  /**
   * No sandbox at all: programs run as this process's user, in a folder of their own, with limits
   * of time and output alone. For programs that somebody answers for, where that somebody asks.
   */
  public static Sandbox without(Path work) {
    return new Sandbox(work, List.of(), false);
  }

  /** The same, its scripts started by a command that becomes another user; for tests. */
  static Sandbox as(Path work, String... command) {
    return new Sandbox(work, List.of(command), true);
  }

  /**
   * What a program may use at most.
   *
   * @param time from start to end; also the CPU time of each process
   * @param memoryMib of all its processes and files together, where this machine has control groups
   *     for us, else of each process
   * @param processes at once, threads too
   * @param fileMib of one file, and of each of its three places for files
   * @param outputKib of standard output and error together
   */
  public record Limits(Duration time, int memoryMib, int processes, int fileMib, int outputKib) {}

  /**
   * What to run.
   *
   * @param command found on the sandbox's own PATH, or absolute
   * @param files by name, in the work folder, which is the current one
   * @param input its standard input
   * @param readOnly further paths that it may read, as they are called here
   */
  public record Job(
      List<String> command, Map<String, String> files, String input, List<String> readOnly) {
    public Job {
      command = List.copyOf(command);
      files = Collections.unmodifiableMap(new TreeMap<>(files));
      readOnly = List.copyOf(readOnly);
    }
  }

  /** Why a program ended. */
  public enum End {
    RETURNED,
    /** It took too long and was killed. */
    TIME,
    /** It asked for more memory than there was for it, and was killed. */
    MEMORY,
    /** It said too much and was killed. */
    OUTPUT,
    /** It returned, but left processes behind, which were killed. */
    LEFTOVERS
  }

  /**
   * How a program ended.
   *
   * @param code its exit code, 128 and the signal's number for a signal; 128 + 9 if it was killed
   * @param output what it said before its limit; bytes that are no UTF-8 are replaced
   * @param errors the same of standard error
   */
  public record Ended(End end, int code, String output, String errors) {
    public boolean ok() {
      return end == End.RETURNED && code == 0;
    }
  }

  /** Nothing was run: this machine cannot keep the program in. Says why and what to do. */
  public static final class Unusable extends IOException {
    private static final long serialVersionUID = 1;

    Unusable(String why) {
      super(
          "no sandbox can be made here: "
              + why
              + "; scoring by programs needs Linux with util-linux, and a worker that is root with CAP_SYS_ADMIN or may"
              + " make user namespaces (user.max_user_namespaces above 0, kernel.apparmor_restrict_unprivileged_userns 0)."
              + " Nothing was run without it");
    }
  }

  /**
   * Runs a program to its end.
   *
   * @throws Unusable if this machine cannot keep it in, or lacks one of {@code readOnly}
   * @throws IOException if the sandbox broke; says nothing about the program
   */
  public Ended run(Job job, Limits limits) throws IOException, InterruptedException {
    return new SandboxRun(work, as, confines, job, limits).run();
  }

  /**
   * Fails where a job cannot start at all, so that this is not taken for what a program does: runs
   * {@code command -v} on the job's command.
   *
   * @throws Unusable if there is no sandbox, or the command is not in it
   */
  public void check(Job job, Limits limits) throws IOException, InterruptedException {
    String command = job.command().getFirst();
    Job look =
        new Job(
            List.of("sh", "-c", "command -v \"$1\"", "sh", command),
            job.files(),
            "",
            job.readOnly());
    Ended found = run(look, limits);
    if (found.end() != End.RETURNED) {
      throw new IOException("the sandbox could not be tried: " + found.end() + "; try again");
    }
    if (found.code() != 0) {
      throw new Unusable(
          "%s is in none of its folders; install it under /usr, or list its folder in read_only"
              .formatted(command));
    }
  }
}
