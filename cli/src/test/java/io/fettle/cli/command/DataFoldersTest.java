package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the commands of {@code fettle data} make of folders and of batches. */
class DataFoldersTest extends CommandTest {
  @Test
  void a_folder_stands_for_the_files_of_rows_in_it_and_what_else_it_holds_is_told()
      throws Exception {
    for (var name : new String[] {"exports/a/rows.jsonl", "exports/b/rows.jsonl"}) {
      var rows = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        rows.append(
            "{\"prompt\": \"%s asks %d\", \"completion\": \"%d\"}%n".formatted(name, i, i * i));
      }
      write(name, rows.append("{\n").toString());
    }
    write("exports/notes.txt", "none");

    assertThat(fettle("data", "prepare", "--json", at("exports"), "-o", at("one"))).isZero();
    assertThat(err.toString())
        .contains(at("exports") + ": 2 files of rows, 1 left out: notes.txt")
        .contains("2 dropped: a row is not one JSON object (a/rows.jsonl:61, b/rows.jsonl:61)");
    assertThat(lastLine().at("/folders/0/files").asInt()).isEqualTo(2);

    var both = new String[] {at("exports/a/rows.jsonl"), at("exports/b/rows.jsonl")};
    assertThat(fettle("data", "prepare", both[0], both[1], "-o", at("two"))).isZero();
    assertThat(out.toString()).contains("(rows.jsonl:61, rows.jsonl#2:61)");

    assertThat(fettle("data", "inspect", "--json", at("exports"))).isZero();
    assertThat(lastLine().path("files").findValuesAsText("name"))
        .containsExactly("a/rows.jsonl", "b/rows.jsonl");
    assertThat(lastLine().path("leftOut").asText()).isEqualTo("1 left out: notes.txt");
  }

  @Test
  void a_folder_gives_one_dataset_in_whatever_order_its_files_were_written_and_read()
      throws Exception {
    var names = List.of("b/rows.jsonl", "a.jsonl", "c/d/rows.csv", "Z.jsonl", "b.jsonl");
    for (var name : names) {
      rows("one/" + name);
    }
    for (var name : names.reversed()) {
      rows("two/" + name);
    }

    var datasets = new TreeSet<String>();
    for (var of : List.of("one", "two")) {
      for (var threads : List.of("1", "4")) {
        var out = at(of + threads);
        assertThat(fettle("data", "prepare", "--json", at(of), "-o", out, "--threads", threads))
            .as(err::toString)
            .isZero();
        datasets.add(lastLine().path("dataset").asText());
      }
    }

    assertThat(datasets).hasSize(1);
    assertThat(DatasetReader.open(folder.resolve("two4")).manifest().origin().inputs())
        .extracting(DatasetManifest.Input::name)
        .containsExactly("Z.jsonl", "a.jsonl", "b.jsonl", "b/rows.jsonl", "c/d/rows.csv");
  }

  /** Rows of a file, the same wherever the folder lies. */
  private void rows(String name) throws IOException {
    boolean isCsv = name.endsWith(".csv");
    var rows = new StringBuilder(isCsv ? "prompt,completion\n" : "");
    var line = isCsv ? "%s asks %d,%d%n" : "{\"prompt\": \"%s asks %d\", \"completion\": \"%d\"}%n";
    for (int i = 0; i < 60; i++) {
      rows.append(line.formatted(name.substring(name.indexOf('/')), i, i * i));
    }
    write(name, rows.toString());
  }

  @Test
  void a_folder_that_cannot_stand_for_its_files_is_told_by_every_command() throws Exception {
    Files.createDirectories(folder.resolve("linked"));
    write("away.jsonl", "{\"prompt\": \"ask\", \"completion\": \"say\"}\n");
    Files.createSymbolicLink(folder.resolve("linked/rows.jsonl"), folder.resolve("away.jsonl"));

    for (var words : new String[][] {{"prepare", "-o", at("out")}, {"inspect"}, {"dedup"}}) {
      var command = new ArrayList<>(List.of("data"));
      command.addAll(List.of(words));
      command.add(at("linked"));
      assertThat(fettle(command.toArray(String[]::new))).isEqualTo(2);
      assertThat(err.toString()).contains("is a link that leaves the folder");
    }
  }

  @Test
  void a_turned_batch_is_named_where_the_rows_say_their_batches() throws Exception {
    var rows = new StringBuilder("prompt,completion,by\n");
    for (int i = 0; i < 1_000; i++) {
      var asked = "What does the part %d of machine %d do?".formatted(i, i % 7);
      var told = "It turns the wheel %d times and stops.".formatted(i);
      boolean isTurned = i % 20 == 7;
      rows.append(
          "%s,%s,annotator %d%n"
              .formatted(isTurned ? told : asked, isTurned ? asked : told, i % 20));
    }
    write("rows.csv", rows.toString());

    assertThat(fettle("data", "prepare", at("rows.csv"), "-o", at("one"), "--deduplicate", "exact"))
        .isZero();
    assertThat(
            fettle(
                "data",
                "prepare",
                at("rows.csv"),
                "-o",
                at("two"),
                "--deduplicate",
                "exact",
                "--batch-by",
                "by"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("of batch \"annotator 7\" look as if prompt and answer");
    assertThat(
            fettle(
                "data",
                "prepare",
                at("rows.csv"),
                "-o",
                at("two"),
                "--deduplicate",
                "exact",
                "--batch-by",
                "by",
                "--keep-swapped"))
        .isZero();
    assertThat(out.toString()).contains("of batch \"annotator 7\" look as if prompt and answer");
  }

  private void write(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }
}
