package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.staging.Staging;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.data.PrepareJob;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What benchmarks, judges and losses do to the rows of the step. */
@Tag("real")
class PrepareGradesRealTest extends PreparesForReal {
  @Test
  void rows_that_hold_an_item_of_a_benchmark_are_dropped_and_only_the_page_shows_their_words()
      throws Exception {
    Path here = Files.createDirectories(folder.resolve("benchmark"));
    String item = "a baker sells fifty rolls in april and half as many in may how many is that";
    var rows = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      rows.append(row("question number " + i + " of many", "answer " + i));
    }
    rows.append(row("listen, " + item + ", roughly", "about eighty"));
    Files.writeString(here.resolve("tickets.jsonl"), rows);
    String items = "{\"question\": \"%s\", \"answer\": 75}%n".formatted(item);
    Path benchmark = Files.writeString(here.resolve("maths.jsonl"), items);
    String spec =
        DEMO.replace(
            " test: test.jsonl, dev_rows: 40,",
            " benchmarks: [{file: maths.jsonl, prompt: question}],");

    Dataset dataset = activities.prepare(job(here, spec, ""));

    assertThat(dataset.drops()).containsExactly(new Dataset.Drop("benchmark_match", 1));
    assertThat(dataset.train() + dataset.dev() + dataset.test()).isEqualTo(30);
    assertThat(benchmark).hasContent(items);
    Path tree = folder.resolve("benchmark-tree");
    Staging.stageTree(store, dataset.tree(), folder.resolve("cache"), tree);
    assertThat(tree.toFile().list())
        .containsExactlyInAnyOrder(
            "train.jsonl",
            "dev.jsonl",
            "test.jsonl",
            "clusters.jsonl",
            "manifest.json",
            "report.json",
            "report.html");
    String report = Files.readString(tree.resolve("report.json"));
    JsonNode file = Wire.mapper().readTree(report).at("/rows/contamination/files/0");
    assertThat(file.at("/met").asInt()).isEqualTo(1);
    assertThat(file.at("/spans/0/row").asText()).isEqualTo("tickets.jsonl:31");
    assertThat(file.at("/spans/0/item").asText()).isEqualTo("maths.jsonl:1");
    assertThat(file.at("/spans/0/from").asInt()).isEqualTo(2);
    assertThat(file.at("/spans/0/to").asInt()).isEqualTo(18);
    assertThat(report).doesNotContain("baker");
    assertThat(Files.readString(tree.resolve("report.html"))).contains(item, "maths.jsonl:1");
  }

  @Test
  void a_base_models_losses_flag_rows_and_change_nothing() throws Exception {
    Dataset plain = activities.prepare(job(demo(), DEMO, "without flags"));
    Dataset flagged = activities.prepare(job(demo(), DEMO, "", "data.quality.flag_by_loss=true"));

    assertThat(flagged.reused()).isFalse();
    assertThat(flagged.hash()).isEqualTo(plain.hash());
    assertThat(flagged.drops()).isEqualTo(plain.drops());
    assertThat(Wire.mapper().writeValueAsString(flagged)).doesNotContain("router");
    Path tree = folder.resolve("flagged-tree");
    Staging.stageTree(store, flagged.tree(), folder.resolve("cache"), tree);
    JsonNode source =
        Wire.mapper()
            .readTree(tree.resolve("report.json").toFile())
            .at("/rows/quality/flagged/sources/0");
    assertThat(source.path("source").asText()).isEqualTo("tickets.jsonl");
    assertThat(source.path("compared").asInt()).isEqualTo(200);
    assertThat(source.path("flagged").asInt()).isEqualTo(source.path("shown").size());
    assertThat(tree.resolve("quality/losses.jsonl")).content().hasLineCount(200);
    assertThat(Files.readString(tree.resolve("report.html"))).contains("than those of their peers");
  }

  @Test
  void a_judges_scores_cut_the_worst_and_are_a_file_of_the_dataset() throws Exception {
    try (var server = new JudgeServer()) {
      server.answers(row -> new JudgeServer.Reply(200, row.length() % 3 == 0 ? "2" : "5"));
      String[] judge = {
        "data.quality.cut_percent=50",
        "data.quality.judge={url: '%s', model: judge-1, api_key: {secret: JUDGE_KEY}}"
            .formatted(server.url())
      };

      Dataset dataset = activities.prepare(job(demo(), DEMO, "", judge));

      long low =
          dataset.drops().stream()
              .filter(drop -> drop.reason().equals("low_score"))
              .mapToLong(Dataset.Drop::rows)
              .sum();
      assertThat(low).isPositive();
      assertThat(dataset.train() + dataset.dev()).isEqualTo((int) (200 - low));
      assertThat(server.asked()).hasSize(200);
      Path tree = folder.resolve("judged-tree");
      Staging.stageTree(store, dataset.tree(), folder.resolve("cache"), tree);
      assertThat(tree.resolve("quality/scores.jsonl")).content().hasLineCount(200);
      assertThat(Files.readString(tree.resolve("report.html"))).contains("Scores by judge-1");

      judge[0] = "data.quality.cut_percent=0";
      Dataset whole = activities.prepare(job(demo(), DEMO, "", judge));
      assertThat(whole.train() + whole.dev()).isEqualTo(200);
      assertThat(server.asked()).as("asked again").hasSize(200);

      judge[1] = judge[1].replace("JUDGE_KEY", "OTHER").replace("judge-1", "judge-2");
      PrepareJob without = job(demo(), DEMO, "", judge);
      assertThatThrownBy(() -> activities.prepare(without))
          .cause()
          .isInstanceOfSatisfying(
              ApplicationFailure.class,
              failure -> {
                assertThat(failure.getType()).isEqualTo("BadConfig");
                assertThat(failure.getOriginalMessage()).contains("the judge's key OTHER is not");
              });
    }
  }
}
