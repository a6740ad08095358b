package io.fettle.activities.machine;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks a host over before its first step, so that what is missing is a sentence now and no failure
 * an hour into a run. Changes nothing but files of its own, which it deletes; takes seconds, with
 * two or more GPUs up to two minutes.
 */
public final class HostCheck {
  private final Options options;

  /** How a finding is to be taken. */
  public enum State {
    OK,
    /** Works, with less. */
    NOTE,
    /** Not looked at, with the reason. */
    SKIPPED,
    /** A step of this host would fail. */
    MISSING
  }

  /**
   * One thing that was looked at.
   *
   * @param found with its numbers; MB are 10^6 bytes
   * @param fix what to do about it; empty where there is nothing to do
   */
  public record Finding(String name, State state, String found, String fix) {
    static Finding ok(String name, String found) {
      return new Finding(name, State.OK, found, "");
    }

    static Finding note(String name, String found, String fix) {
      return new Finding(name, State.NOTE, found, fix);
    }

    static Finding skipped(String name, String reason) {
      return new Finding(name, State.SKIPPED, reason, "");
    }

    static Finding missing(String name, String found, String fix) {
      return new Finding(name, State.MISSING, found, fix);
    }
  }

  /** Opens the runs' store. */
  public interface Opener {
    ObjectStore open() throws IOException, InterruptedException;
  }

  /**
   * What is looked at.
   *
   * @param root where {@code proc/}, {@code sys/} and {@code dev/} are: {@code /}
   * @param path folders of programs, as the environment's {@code PATH}
   * @param work where hosts work, unless the machine has disks of its own
   * @param environments for the all-reduce, which runs in {@code train} if that is made
   */
  public record Options(
      Path root, String path, Path work, Optional<Environments> environments, Opener store) {}

  public HostCheck(Options options) {
    this.options = options;
  }

  /** Everything, in the order in which a host needs it. */
  public List<Finding> findings() throws IOException, InterruptedException {
    var commands = new Commands(options.path());
    var found = new ArrayList<Finding>();
    found.addAll(new Kernel(options.root(), commands).findings());
    var gpus = new Gpus(options.root(), commands);
    found.addAll(gpus.findings());
    found.add(new AllReduce(options.environments()).finding(gpus.count()));
    found.addAll(new HostDisks(options.root(), options.work()).findings());
    found.addAll(new Network(options.root(), options.store()).findings());
    return List.copyOf(found);
  }
}
