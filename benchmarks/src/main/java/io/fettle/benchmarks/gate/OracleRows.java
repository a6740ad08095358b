package io.fettle.benchmarks.gate;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fettle.activities.programs.Environments;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far the statistics are from SciPy's and statsmodels', in a Python of their own from a lock,
 * on arguments drawn from the seed.
 */
final class OracleRows {
  static final String NAME = "statistics_max_error";
  private static final String ENVIRONMENT = "statistics";
  private static final double MOST = 1e-9;

  private OracleRows() {}

  static Row measure(Effort effort) throws IOException, InterruptedException {
    var cluster = LocalCluster.current(Progress.silent());
    Environments environments = cluster.environments((_, _, _, _, _) -> {});
    if (effort.isQuick() && !environments.isMade(ENVIRONMENT)) {
      return Row.skipped(NAME, "no environment of statsmodels yet; --quick makes none");
    }
    Path python;
    try {
      python = environments.python(ENVIRONMENT);
    } catch (IOException e) {
      return Row.skipped(NAME, "no environment: " + e.getMessage());
    }
    var script = cluster.home().root().resolve("benchmarks/gate/oracle.py");
    Map<String, List<OracleCases.Asked>> asked = OracleCases.draw(effort.seed());
    return row(asked, answers(List.of(python.toString(), script.toString()), asked), effort);
  }

  private static Row row(
      Map<String, List<OracleCases.Asked>> asked, Map<String, double[][]> answers, Effort effort) {
    Map<String, Double> errors = new TreeMap<>();
    int cases = 0;
    for (var entry : asked.entrySet()) {
      double[][] told = answers.getOrDefault(entry.getKey(), new double[0][]);
      for (int at = 0; at < entry.getValue().size(); at++) {
        List<Double> own = entry.getValue().get(at).answer();
        double error = at < told.length ? error(own, told[at]) : Double.POSITIVE_INFINITY;
        errors.merge(entry.getKey(), error, Math::max);
        cases++;
      }
    }
    double worst = errors.values().stream().mapToDouble(error -> error).max().orElseThrow();
    var each = new StringBuilder();
    errors.forEach(
        (name, error) -> each.append(String.format(Locale.ROOT, " %s %.0e", name, error)));
    return Row.measured(NAME, worst, "", cases)
        .atMost(MOST)
        .note("beside SciPy and statsmodels:%s; seed %d".formatted(each, effort.seed()));
  }

  private static double error(List<Double> own, double[] told) {
    if (own.size() != told.length) {
      return Double.POSITIVE_INFINITY;
    }
    double most = 0;
    for (int i = 0; i < told.length; i++) {
      double error = Math.abs(own.get(i) - told[i]);
      most = error >= 0 ? Math.max(most, error) : Double.POSITIVE_INFINITY;
    }
    return most;
  }

  private static Map<String, double[][]> answers(
      List<String> command, Map<String, List<OracleCases.Asked>> asked)
      throws IOException, InterruptedException {
    var file = Files.createTempFile("fettle-bench-gate-", ".json");
    try {
      Map<String, List<Object>> arguments = new TreeMap<>();
      asked.forEach(
          (name, cases) ->
              arguments.put(name, cases.stream().map(each -> (Object) each.arguments()).toList()));
      Wire.mapper().writeValue(file.toFile(), arguments);
      var process =
          new ProcessBuilder(command.get(0), command.get(1), file.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String told;
      try (var out = process.inputReader()) {
        told = out.readLine();
      }
      if (process.waitFor() != 0 || told == null) {
        throw new IOException(
            "%s ended with %d".formatted(String.join(" ", command), process.exitValue()));
      }
      return Wire.mapper().readValue(told, new TypeReference<>() {});
    } finally {
      Files.delete(file);
    }
  }
}
