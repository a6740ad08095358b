package io.fettle.activities.catalogue;

import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine types that this release knows, and what an operator's file says of them. Whoever
 * launches asks nobody else; a price that is missing keeps nothing from being launched.
 */
public final class Catalogue {
  /** An operator's file in {@code FETTLE_HOME}. */
  public static final String FILE = "machines.csv";

  private static final long LONGEST = 10L << 20;
  private static final Pattern OF_ONE = Pattern.compile("[a-z][a-z0-9-]*-[0-9]+gb");
  private static final Catalogue SHIPPED = read();

  private final List<Machine> machines;
  private final List<Peak> peaks;

  private Catalogue(List<Machine> machines, List<Peak> peaks) {
    this.machines = List.copyOf(machines);
    this.peaks = List.copyOf(peaks);
  }

  /**
   * The most that a GPU computes, dense.
   *
   * @param bf16 trillions of operations a second of its tensor cores; 0: it computes none
   * @param fp32 trillions of operations a second
   */
  public record Peak(String gpu, double bf16, double fp32) {}

  /** What is wrong with a file, every problem a line. */
  public static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1;

    Unreadable(String name, List<String> problems) {
      super(name + ":\n  " + String.join("\n  ", problems));
    }
  }

  /** What this release knows. */
  public static Catalogue shipped() {
    return SHIPPED;
  }

  /**
   * What this release knows, changed and added to by an operator's file; it need not be there.
   *
   * @throws Unreadable with every problem of the file
   */
  public static Catalogue with(Path file) throws IOException {
    if (!Files.exists(file)) return SHIPPED;
    if (Files.size(file) > LONGEST) {
      throw new Unreadable(file.toString(), List.of("is longer than 10 MiB"));
    }
    return SHIPPED.changedBy(file.toString(), Files.readString(file));
  }

  Catalogue changedBy(String name, String text) throws Unreadable {
    return new Catalogue(MachineRows.read(name, text, machines), peaks);
  }

  private static Catalogue read() {
    try {
      return new Catalogue(
          MachineRows.read("the catalogue", resource("machines.csv"), List.of()),
          Peaks.read(resource("gpus.csv")));
    } catch (IOException e) {
      throw new UncheckedIOException("this build's catalogue is broken", e);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Catalogue.class.getResourceAsStream(name)) {
      if (in == null) throw new IOException("this build has no " + name);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public List<Machine> machines() {
    return machines;
  }

  /** {@code a10g-24gb} is {@code a10g-24gb-x1}; other words are as they were. */
  public static String shape(String word) {
    return OF_ONE.matcher(word).matches() ? word + "-x1" : word;
  }

  /** Machines of a shape, the cheapest first, those without a price last. */
  public Stream<Machine> of(String provider, String shape) {
    var full = shape(shape);
    return machines.stream()
        .filter(machine -> machine.provider().equals(provider) && machine.shape().equals(full))
        .sorted(Comparator.comparingDouble(Catalogue::cheapest).thenComparingInt(Machine::vcpus));
  }

  private static double cheapest(Machine machine) {
    return Stream.of(machine.spotDollars(), machine.onDemandDollars())
        .filter(price -> price != Machine.UNKNOWN)
        .min(Comparator.naturalOrder())
        .orElse(Double.MAX_VALUE);
  }

  /** The provider's own names of a shape's machines, the cheapest first; none: it has none. */
  public List<String> types(String provider, String shape) {
    return of(provider, shape).map(Machine::type).toList();
  }

  /** All shapes of a provider. */
  public SortedSet<String> shapes(String provider) {
    return shapes(machine -> machine.provider().equals(provider));
  }

  /** All shapes of all providers. */
  public SortedSet<String> shapes() {
    return shapes(_ -> true);
  }

  private SortedSet<String> shapes(Predicate<Machine> which) {
    var shapes = new TreeSet<String>();
    machines.stream()
        .filter(which.and(machine -> machine.gpus() > 0))
        .forEach(machine -> shapes.add(machine.shape()));
    return shapes;
  }

  public Optional<Machine> machine(String provider, String type) {
    return machines.stream()
        .filter(machine -> machine.provider().equals(provider) && machine.type().equals(type))
        .findFirst();
  }

  /** A machine of a shape, whoever has it; the one with the least memory of all. */
  public Optional<Machine> like(String shape) {
    var full = shape(shape);
    return machines.stream()
        .filter(machine -> machine.shape().equals(full))
        .min(
            Comparator.comparingDouble(Machine::gpuMemoryGib)
                .thenComparingDouble(Machine::memoryGib));
  }

  /** Dollars an hour; empty: not known, or no such type. */
  public Optional<Double> dollars(String provider, String type, Market market) {
    return machine(provider, type)
        .map(machine -> machine.dollars(market))
        .filter(price -> price != Machine.UNKNOWN);
  }

  /** Empty where nobody said. */
  public Optional<Peak> peak(String gpu) {
    return peaks.stream().filter(peak -> peak.gpu().equals(gpu)).findFirst();
  }

  /** The day on which the longest unchecked of a provider's types was compared with its source. */
  public Optional<LocalDate> oldest(String provider) {
    return machines.stream()
        .filter(machine -> machine.provider().equals(provider))
        .map(Machine::asOf)
        .min(Comparator.naturalOrder());
  }
}
