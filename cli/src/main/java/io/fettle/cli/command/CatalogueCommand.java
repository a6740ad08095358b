package io.fettle.cli.command;

import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.catalogue.Machine;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.Site;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "catalogue",
    description = {
      "Lists the machine types that plans choose among, with their prices where one is known.",
      "Rows of machines.csv in FETTLE_HOME change and add to what this release knows."
    },
    subcommands = CatalogueRefreshCommand.class,
    mixinStandardHelpOptions = true)
public final class CatalogueCommand implements Callable<Integer> {
  private static final String LINE = "%-7s %-20s %-22s %7s %5s %8s %8s %8s %9s %9s  %s";

  @Mixin private Output output;

  @Option(names = "--provider", paramLabel = "NAME", description = "aws, gcp, ray or static.")
  private @Nullable String provider;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description = "Machines of this shape, as a10g-24gb-x1; its beginning will do.")
  private @Nullable String shape;

  @Option(
      names = "--memory",
      paramLabel = "GIB",
      description = "Machines whose GPUs have at least this much memory each.")
  private double memory;

  /** Prices are null where nobody said. */
  record Line(
      String provider,
      String type,
      String shape,
      double gpuMemoryGib,
      double computeCapability,
      int vcpus,
      double memoryGib,
      double nvmeGb,
      double networkGbps,
      boolean nvlink,
      @Nullable Double spotDollars,
      @Nullable Double onDemandDollars,
      String asOf,
      String source) {
    static Line of(Machine machine) {
      return new Line(
          machine.provider(),
          machine.type(),
          machine.shape(),
          machine.gpuMemoryGib(),
          machine.computeCapability(),
          machine.vcpus(),
          machine.memoryGib(),
          machine.nvmeGb(),
          machine.networkGbps(),
          machine.nvlink(),
          known(machine.spotDollars()),
          known(machine.onDemandDollars()),
          machine.asOf().toString(),
          machine.source());
    }

    private static @Nullable Double known(double price) {
      return price == Machine.UNKNOWN ? null : price;
    }
  }

  record Result(String file, boolean fileIsThere, List<Line> machines) {}

  @Override
  public Integer call() {
    var site = Site.current();
    var machines = site.catalogue().machines().stream().filter(this::isWanted).toList();
    if (machines.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "no machine type is so; known shapes: " + String.join(", ", site.catalogue().shapes()));
    }
    output.say(head());
    machines.forEach(machine -> output.say(line(machine)));
    boolean there = Files.exists(site.machinesFile());
    output.say(
        "%d types; prices in dollars an hour, of the day in the last column, - where nobody said; %s %s"
            .formatted(
                machines.size(),
                site.machinesFile(),
                there ? "is read too" : "would be read too, and is not there"));
    var lines = machines.stream().map(Line::of).toList();
    output.result(new Result(site.machinesFile().toString(), there, lines));
    return ExitCode.DONE.code();
  }

  private boolean isWanted(Machine machine) {
    return (provider == null || machine.provider().equals(provider))
        && (shape == null
            || machine.shape().equals(Catalogue.shape(shape))
            || machine.shape().startsWith(shape + "-"))
        && machine.gpuMemoryGib() >= memory;
  }

  private static String head() {
    return String.format(
        Locale.ROOT,
        LINE,
        "PROVIDER",
        "TYPE",
        "SHAPE",
        "GPU GiB",
        "VCPU",
        "RAM GiB",
        "NVMe GB",
        "NET Gbps",
        "SPOT",
        "ON DEMAND",
        "AS OF");
  }

  private static String line(Machine machine) {
    return String.format(
        Locale.ROOT,
        LINE,
        machine.provider(),
        machine.type(),
        machine.gpus() == 0 ? "(no GPU)" : machine.shape(),
        machine.gpus() == 0 ? "-" : number(machine.gpuMemoryGib()),
        machine.vcpus(),
        number(machine.memoryGib()),
        number(machine.nvmeGb()),
        number(machine.networkGbps()),
        price(machine.spotDollars()),
        price(machine.onDemandDollars()),
        machine.asOf() + (machine.source().startsWith("unchecked") ? " (unchecked)" : ""));
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, number == Math.rint(number) ? "%.0f" : "%.1f", number);
  }

  private static String price(double dollars) {
    return dollars == Machine.UNKNOWN ? "-" : String.format(Locale.ROOT, "%.3f", dollars);
  }
}
