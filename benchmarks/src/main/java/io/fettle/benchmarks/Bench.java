package io.fettle.benchmarks;

import io.fettle.benchmarks.capacity.CapacityBenchmark;
import io.fettle.benchmarks.data.PrepareBenchmark;
import io.fettle.benchmarks.failures.FailuresBenchmark;
import io.fettle.benchmarks.gate.GateBenchmark;
import io.fettle.benchmarks.stores.StagingBenchmark;
import io.fettle.benchmarks.stores.StoreBenchmark;
import io.fettle.benchmarks.tax.TaxBenchmark;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fettle bench}: runs a benchmark and judges its rows. */
@Command(
    name = "fettle bench",
    description = "Runs a published benchmark again; without a name, lists them.",
    mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {
  static { // what is broken on purpose is warned of hundreds of times
    if (System.getProperty("fettle.log") == null) {
      System.setProperty("fettle.log", "ERROR");
    }
  }

  /** Every benchmark, in the order of the listing. */
  private static final List<Benchmark> BENCHMARKS =
      List.of(
          new LauncherBenchmark(),
          new StepsBenchmark(),
          new IntervalBenchmark(),
          new FailuresBenchmark(),
          new StoreBenchmark(),
          new StagingBenchmark(),
          new TaxBenchmark(),
          new PrepareBenchmark(),
          new GateBenchmark(),
          new CapacityBenchmark());

  private final List<Benchmark> benchmarks;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The benchmark to run.")
  private String name;

  @ArgGroup private Depth depth = new Depth();

  @Option(
      names = "--json",
      description = "Print one JSON object as the last line; the table goes to stderr.")
  private boolean json;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Rows from outside, for the rows that need them.")
  private Path data;

  @Option(
      names = "--rows",
      paramLabel = "PREFIX",
      description =
          "Only the parts that print rows whose names begin so, where a benchmark has such parts"
              + " (failures, store, prepare, gate, capacity).")
  private String rows;

  @Option(
      names = "--traces",
      paramLabel = "PATH",
      description = "An availability trace, or a folder of them, for interval.")
  private Path traces;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What gate draws its trials from; ${DEFAULT-VALUE} in published rows.")
  private long seed = Effort.USUAL_SEED;

  @Option(
      names = "--pool",
      paramLabel = "POOL",
      description =
          "Where failures gets its hosts: local, or aws, which a local EC2 server launches.")
  private String pool;

  @Spec private CommandSpec command;

  static final class Depth {
    @Option(names = "--quick", description = "For CI: counts only, nothing timed.")
    private boolean quick;

    @Option(names = "--full", description = "Everything; a row that cannot run is a failure.")
    private boolean full;

    Effort.Level level() {
      return quick ? Effort.Level.QUICK : full ? Effort.Level.FULL : Effort.Level.USUAL;
    }
  }

  Bench(List<Benchmark> benchmarks) {
    this.benchmarks = benchmarks;
  }

  public static void main(String[] args) {
    System.exit(commandLine(BENCHMARKS).execute(args));
  }

  static CommandLine commandLine(List<Benchmark> benchmarks) {
    return new CommandLine(new Bench(benchmarks))
        .setExecutionExceptionHandler((failure, line, _) -> explain(failure, line));
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = command.commandLine().getOut();
    if (name == null) {
      benchmarks.forEach(
          each -> out.printf(Locale.ROOT, "  %-12s %s%n", each.name(), each.summary()));
      out.flush();
      return ExitCode.DONE.code();
    }
    var effort =
        new Effort(
            depth.level(),
            Optional.ofNullable(data),
            Optional.ofNullable(traces),
            Optional.ofNullable(rows),
            seed,
            Optional.ofNullable(pool));
    var report = Report.of(name, depth.level(), find().measure(effort, this::tell));
    PrintWriter people = json ? command.commandLine().getErr() : out;
    people.print(report.table());
    people.flush();
    if (json) {
      out.println(report.json());
      out.flush();
    }
    return (report.ok() ? ExitCode.DONE : ExitCode.FAILED).code();
  }

  private void tell(Row row) {
    PrintWriter err = command.commandLine().getErr();
    err.println("  " + row.line());
    err.flush();
  }

  private Benchmark find() {
    return benchmarks.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.INVALID,
                    "there is no benchmark "
                        + name
                        + "; there are: "
                        + String.join(", ", benchmarks.stream().map(Benchmark::name).toList())));
  }

  private static int explain(Exception failure, CommandLine line) {
    if (failure instanceof CommandFailure known) {
      line.getErr().println("fettle: " + known.getMessage());
      return known.exitCode().code();
    }
    line.getErr().println("fettle: the benchmark broke");
    failure.printStackTrace(line.getErr());
    return ExitCode.FAILED.code();
  }
}
