package io.fettle.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.cli.ExitCode;
import io.fettle.data.dvc.DvcExport;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetReader;
import io.fettle.data.version.DatasetWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataCommandsTest extends CommandTest {
  private static final String ROWS =
      """
      {"prompt": "ask", "completion": "say"}
      {"prompt": "ask
      {"prompt": "ask", "completion": "say"}
      {"prompt": "other", "completion": "\\u001b[31mred"}
      """;

  @Test
  void inspect_counts_rows_bad_rows_with_their_lines_and_duplicates() throws Exception {
    Files.writeString(folder.resolve("rows.jsonl"), ROWS);

    assertThat(fettle("data", "inspect", at("rows.jsonl"))).isZero();
    assertThat(out.toString())
        .contains("rows.jsonl: jsonl, prompt_completion; fields prompt, completion")
        .contains("3 good, 1 bad, 1 exact duplicates")
        .contains("1: the row is not one JSON object; lines 2")
        .contains("prompt   3 to 5 letters", "turns    system 0, user 3, assistant 3, tool 0")
        .doesNotContain("other");

    assertThat(fettle("data", "inspect", "--json", at("rows.jsonl"))).isZero();
    var file = lastLine().path("files").path(0);
    assertThat(file.path("rows").asInt()).isEqualTo(3);
    assertThat(file.path("bad").path(0).path("lines").path(0).asInt()).isEqualTo(2);
    assertThat(file.path("samples")).isEmpty();
  }

  @Test
  void prepare_writes_a_dataset_that_is_the_same_for_any_number_of_threads() throws Exception {
    var rows = new StringBuilder(ROWS);
    for (int i = 0; i < 300; i++) {
      rows.append(
          "{\"prompt\": \"how much is %d and %d\", \"completion\": \"%d\"}%n"
              .formatted(i, i * i, i + i * i));
    }
    Files.writeString(folder.resolve("rows.jsonl"), rows);

    assertThat(fettle("data", "prepare", at("rows.jsonl"), "-o", at("one"), "--threads", "1"))
        .isZero();
    assertThat(out.toString())
        .contains("1 dropped: a row is not one JSON object (rows.jsonl:2)")
        .contains("1 dropped: a row repeats the prompt and the answer of an earlier row")
        .contains("swapped fields: ");
    assertThat(fettle("data", "prepare", at("rows.jsonl"), "-o", at("two"), "--threads", "3"))
        .isZero();
    assertThat(fettle("data", "diff", at("one"), at("two"))).isZero();
    assertThat(out.toString()).contains("both hold the same rows in the same parts");

    assertThat(fettle("data", "prepare", at("rows.jsonl"), "-o", at("one")))
        .isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains("holds a dataset already; name another folder");
  }

  @Test
  void files_of_one_name_are_told_apart_and_a_pointer_stands_for_what_it_points_to()
      throws Exception {
    Files.createDirectories(folder.resolve("raw/more"));
    write("raw/rows.jsonl", "{\"prompt\": \"ask\", \"completion\": \"say\"}\n");
    write("raw/more/rows.jsonl", "{\"prompt\": \"why\", \"completion\": \"so\"}\n");
    DvcExport.write(folder.resolve("raw"), folder.resolve("raw.dvc"), folder.resolve("cache"));

    assertThat(fettle("data", "prepare", at("raw.dvc"), "-o", at("out"), "--dev", "0")).isZero();

    assertThat(DatasetReader.open(folder.resolve("out")).manifest().origin().inputs())
        .extracting(DatasetManifest.Input::name)
        .containsExactly("rows.jsonl", "rows.jsonl#2");
  }

  @Test
  void prepare_refuses_a_folder_that_another_one_writes_to_and_leaves_nothing_when_it_fails()
      throws Exception {
    write("rows.jsonl", ROWS);
    Path out = Files.createDirectories(folder.resolve("out"));
    try (var lock =
        FileChannel.open(
            out.resolve(".preparing.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(lock.tryLock()).isNotNull();
      assertThat(fettle("data", "prepare", at("rows.jsonl"), "-o", at("out"))).isEqualTo(2);
      assertThat(err.toString()).contains("another `fettle data prepare` writes to " + out);
    }

    write("rows.csv", "prompt,completion\nask,say\nask,\"say\n");
    assertThat(fettle("data", "prepare", at("rows.csv"), "-o", at("none"))).isEqualTo(2);
    assertThat(folder.resolve("none")).doesNotExist();
    assertThat(fettle("data", "prepare", at("rows.jsonl"), "-o", at("out"))).isZero();
    assertThat(out.toFile().list()).containsExactlyInAnyOrder("manifest.json", "shards");
  }

  @Test
  void export_writes_a_pointer_that_inspect_follows() throws Exception {
    dataset("d", 17, "ask => say", "why => so");

    assertThat(
            fettle("data", "export", "--json", at("d"), "--dvc", at("d.dvc"), "--remote", at("r")))
        .isZero();
    var exported = lastLine();
    assertThat(fettle("data", "inspect", "--json", at("d.dvc"))).isZero();
    assertThat(lastLine().path("dataset").asText())
        .hasSize(64)
        .isEqualTo(exported.path("dataset").asText());
    String md5 = exported.path("md5").asText();
    assertThat(folder.resolve("r/files/md5").resolve(md5.substring(0, 2)))
        .isDirectoryContaining("glob:**" + md5.substring(2));
  }

  @Test
  void export_takes_the_cache_of_the_pointers_project_and_says_where_there_is_none()
      throws Exception {
    dataset("d", 17, "ask => say");
    Files.createDirectories(folder.resolve("project/data"));

    assertThat(fettle("data", "export", at("d"), "--dvc", at("project/data/d.dvc"))).isEqualTo(2);
    assertThat(err.toString()).contains("lies in no DVC project", "--remote DIR");
    assertThat(fettle("data", "export", at("d"), "--dvc", at("project/d"))).isEqualTo(2);
    assertThat(err.toString()).contains("its name must end in .dvc");

    Files.createDirectories(folder.resolve("project/.dvc"));
    assertThat(fettle("data", "export", at("d"), "--dvc", at("project/data/d.dvc"))).isZero();
    assertThat(out.toString()).contains("`dvc checkout` makes " + at("project/data/d"));
    assertThat(folder.resolve("project/.dvc/cache/files/md5")).isNotEmptyDirectory();
  }

  @Test
  void a_damaged_dataset_is_not_exported() throws Exception {
    Path shards = dataset("d", 17, "ask => say").resolve("shards");
    try (var files = Files.list(shards)) {
      Files.writeString(files.findFirst().orElseThrow(), "{}\n");
    }

    assertThat(fettle("data", "export", at("d"), "--dvc", at("d.dvc"), "--remote", at("r")))
        .isEqualTo(2);
    assertThat(folder.resolve("d.dvc")).doesNotExist();
  }

  @Test
  void the_dataset_of_an_earlier_run_is_read_without_a_manifest() throws Exception {
    Path earlier = Files.createDirectories(folder.resolve("earlier/train")).getParent();
    dataset("d", 17, "ask => say", "why => so");
    List<String> rows = new ArrayList<>();
    var dataset = DatasetReader.open(folder.resolve("d"));
    dataset.read("train", row -> rows.add(new String(RowJson.line(row), UTF_8)));
    write("earlier/train/00000.jsonl", rows.getFirst());
    write("earlier/train/00001.jsonl", rows.getLast());
    write("earlier/train/index.json", "{}");
    write("earlier/train.jsonl", rows.getFirst());
    write("earlier/dev.jsonl", "");
    write("earlier/test.jsonl", "");
    write("earlier/report.json", "{}");

    assertThat(fettle("data", "diff", at("d"), earlier.toString())).isZero();
    assertThat(out.toString()).contains("both hold the same rows in the same parts");
    assertThat(fettle("data", "inspect", "--json", earlier.toString())).isZero();
    assertThat(lastLine().path("files").path(0).path("rows").asInt()).isEqualTo(2);
  }

  @Test
  void samples_are_shown_when_they_are_asked_for_and_do_not_steer_the_terminal() throws Exception {
    Files.writeString(folder.resolve("rows.jsonl"), ROWS);

    assertThat(fettle("data", "inspect", "--samples", at("rows.jsonl"))).isZero();
    assertThat(out.toString())
        .contains("sample   rows.jsonl:4", "user: other", "assistant: \ufffd[31mred")
        .doesNotContain("\u001b");

    assertThat(fettle("data", "inspect", "--samples", "--json", at("rows.jsonl"))).isZero();
    assertThat(lastLine().path("files").path(0).path("samples")).hasSize(3);
  }

  @Test
  void columns_are_named_where_they_are_called_otherwise() {
    write("rows.csv", "question,reply\nask,say\n");

    assertThat(
            fettle(
                "data", "inspect", "--prompt", "question", "--completion", "reply", at("rows.csv")))
        .isZero();
    assertThat(out.toString()).contains("rows.csv: csv", "1 good, 0 bad");
  }

  @Test
  void a_file_that_cannot_be_read_to_its_end_is_told_and_counts_up_to_there() {
    write("rows.csv", "prompt,completion\nask,say\nask,\"say\n");

    assertThat(fettle("data", "inspect", at("rows.csv"))).isEqualTo(2);
    assertThat(out.toString()).contains("1 good", "STOPPED  rows.csv line ");
  }

  @Test
  void diff_says_what_separates_two_datasets() throws Exception {
    dataset("a", 17, "ask => say", "why => so", "old => gone");
    dataset("b", 18, "ask => say", "why => not so", "new => here", "newer => here");

    assertThat(fettle("data", "diff", at("a"), at("b"))).isZero();
    assertThat(out.toString())
        .containsPattern("same +1\n")
        .containsPattern("added +2\n")
        .containsPattern("removed +1\n")
        .containsPattern("answer changed +1\n")
        .contains("config/seed: 17 -> 18");

    assertThat(fettle("data", "diff", "--json", at("a"), at("b"))).isZero();
    assertThat(lastLine().path("changed").asInt()).isEqualTo(1);
    assertThat(lastLine().path("after").path("rows").asInt()).isEqualTo(4);
    assertThat(fettle("data", "diff", at("a"), at("a"))).isZero();
    assertThat(out.toString()).contains("both hold the same rows in the same parts");
  }

  @Test
  void a_dataset_is_found_through_its_dvc_pointer() throws Exception {
    dataset("d", 17, "ask => say");
    DvcExport.write(folder.resolve("d"), folder.resolve("d.dvc"), folder.resolve("cache"));

    assertThat(fettle("data", "inspect", "--json", at("d.dvc"))).isZero();
    assertThat(lastLine().path("dataset").asText()).hasSize(64);
    assertThat(lastLine().path("files").findValuesAsText("name")).containsExactly("train", "dev");

    Files.move(folder.resolve("d"), folder.resolve("away"));
    assertThat(fettle("data", "inspect", at("d.dvc"))).isEqualTo(2);
    assertThat(err.toString()).contains("dvc pull");
  }

  @Test
  void what_is_not_there_or_is_no_dataset_is_told() throws Exception {
    assertThat(fettle("data", "inspect", at("nowhere.jsonl"))).isEqualTo(2);
    assertThat(err.toString()).contains("nothing is at " + at("nowhere.jsonl"));

    Files.createDirectories(folder.resolve("empty"));
    assertThat(fettle("data", "inspect", at("empty"))).isEqualTo(2);
    assertThat(err.toString()).contains("holds no rows");

    write("rows.jsonl", ROWS);
    assertThat(fettle("data", "diff", at("rows.jsonl"), at("rows.jsonl"))).isEqualTo(2);
    assertThat(err.toString()).contains("is no dataset: it has no manifest.json");
  }

  @Test
  void a_damaged_dataset_is_told_and_nothing_is_counted() throws Exception {
    Path shards = dataset("a", 17, "ask => say").resolve("shards");
    try (var files = Files.list(shards)) {
      Files.writeString(files.findFirst().orElseThrow(), "{}\n");
    }

    assertThat(fettle("data", "inspect", at("a"))).isEqualTo(2);
    assertThat(err.toString()).contains("bytes instead of", "fetch the dataset again");
  }

  private Path dataset(String name, int seed, String... rows) throws IOException {
    var config = new JsonMapper().createObjectNode().put("seed", seed);
    var origin = new Origin(List.of(), List.of(), config, "0.1.0", "", "", "");
    try (var writer = DatasetWriter.open(folder.resolve(name), List.of("train", "dev"), 1_000)) {
      long line = 0;
      for (var text : rows) {
        var sides = text.split(" => ", -1);
        var user = new Message(Role.USER, sides[0]);
        writer.add(
            "train",
            new Row("rows", ++line, List.of(user, new Message(Role.ASSISTANT, sides[1])), ""));
      }
      writer.finish(origin);
    }
    return folder.resolve(name);
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
