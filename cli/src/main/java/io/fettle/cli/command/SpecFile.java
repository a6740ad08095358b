package io.fettle.cli.command;

import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The spec that a command is about; mixed into each command that reads one. */
final class SpecFile {
  static final String USUAL_NAME = "fettle.yaml";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SPEC",
      defaultValue = USUAL_NAME,
      description = "The spec (default: ${DEFAULT-VALUE}).")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "Change a value before anything is checked, as",
        "--set train.max_steps=20. May be repeated."
      })
  private List<String> overrides = List.of();

  @Option(
      names = "--pool",
      paramLabel = "POOL",
      description = "Ask this pool alone, as --set capacity.pools=[POOL] does.")
  private @Nullable String pool;

  SpecReading reading() {
    return reading(List.of());
  }

  private SpecReading reading(List<String> more) {
    var all = new ArrayList<>(overrides);
    if (pool != null) {
      all.add("capacity.pools=[" + pool + "]");
    }
    all.addAll(more);
    return new SpecReader(Site.current().policy()).read(file, all);
  }

  /**
   * The spec.
   *
   * @throws CommandFailure with every problem, if there is any
   */
  SpecReading.Accepted accepted() {
    return accepted(List.of());
  }

  /**
   * The spec as a command's own flags change it.
   *
   * @param more values, as {@code --set} has them
   * @throws CommandFailure with every problem, if there is any
   */
  SpecReading.Accepted accepted(List<String> more) {
    var reading = reading(more);
    return reading
        .accepted()
        .orElseThrow(
            () -> new CommandFailure(ExitCode.INVALID, reading.describe().stripTrailing()));
  }
}
