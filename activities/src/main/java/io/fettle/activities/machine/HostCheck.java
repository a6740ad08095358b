package io.fettle.activities.machine;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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

  /**
   * What a shape promises.
   *
   * @param gpus 0: none
   * @param gigabytes that each is called after, 10^9 bytes; less is free of it
   * @param nvme whether every machine of the shape has disks of its own
   */
  public record Needs(String shape, int gpus, int gigabytes, boolean nvme) {
    private static final Pattern SHAPE = Pattern.compile(".*-([0-9]{1,4})gb(?:-x([0-9]{1,3}))?");

    /** Of {@code a10g-24gb-x4}, say; a shape of another form promises no GPU. */
    public static Needs of(String shape, boolean nvme) {
      var words = SHAPE.matcher(shape);
      if (!words.matches()) {
        return new Needs(shape, 0, 0, false);
      }
      var gpus = words.group(2);
      return new Needs(
          shape, gpus == null ? 1 : Integer.parseInt(gpus), Integer.parseInt(words.group(1)), nvme);
    }
  }

  /**
   * What an agent sees of its own machine.
   *
   * @param breaking for which a host of that shape is none
   * @param others that are not as they should be, which cost time or a later step
   */
  public record Fitness(List<Finding> breaking, List<Finding> others) {
    public Fitness {
      breaking = List.copyOf(breaking);
      others = List.copyOf(others);
    }
  }

  public HostCheck(Options options) {
    this.options = options;
  }

  /**
   * Whether this machine is what its shape says: GPUs and their memory, disks of its own, the links
   * between the GPUs. The store is left out: an agent has opened it already.
   */
  public Fitness fitness(Needs needs) throws IOException, InterruptedException {
    var commands = new Commands(options.path());
    var gpus = new Gpus(options.root(), commands);
    var disks = new HostDisks(options.root(), options.work());
    var breaking = new ArrayList<Finding>();
    var others = new ArrayList<Finding>();
    if (needs.gpus() > 0) {
      breaking.add(gpus.shape(needs));
      breaking.addAll(gpus.findings());
      breaking.add(new AllReduce(options.environments()).finding(gpus.count()));
    }
    if (needs.nvme()) {
      breaking.add(disks.needed());
    }
    others.addAll(new Kernel(options.root(), commands).findings());
    others.addAll(disks.findings());
    others.addAll(breaking);
    breaking.removeIf(each -> each.state() != State.MISSING);
    others.removeIf(each -> each.state() != State.NOTE && each.state() != State.MISSING);
    others.removeAll(breaking);
    return new Fitness(breaking, others);
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
