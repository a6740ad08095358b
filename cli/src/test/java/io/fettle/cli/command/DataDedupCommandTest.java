package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class DataDedupCommandTest extends CommandTest {
  private static final String TICKET =
      "my router keeps losing the wifi every single evening since monday";

  private static final String LETTER =
      TICKET
          + " and the lamp on its front is red although i have pulled the plug twice and waited"
          + " for ten minutes as the page of your support says";

  private Path file(List<String> lines) throws IOException {
    return Files.write(folder.resolve("rows.jsonl"), lines);
  }

  private static String line(String prompt, String completion) {
    return "{\"prompt\": \"%s\", \"completion\": \"%s\"}".formatted(prompt, completion);
  }

  @Test
  void it_writes_every_pair_by_the_rows_places_in_the_file() throws Exception {
    var file =
        file(
            List.of(
                line(TICKET, "network"),
                "{broken",
                line("another matter altogether, of which nobody else wrote", "other"),
                line(TICKET.toUpperCase(Locale.ROOT) + "!", "network")));
    var pairs = folder.resolve("pairs.jsonl");

    assertThat(fettle("data", "dedup", "--json", "--pairs", pairs.toString(), file.toString()))
        .isZero();

    assertThat(pairs).hasContent("{\"a\": 0, \"b\": 3, \"j\": 1.0}");
    assertThat(lastLine().path("rows").asInt()).isEqualTo(4);
    assertThat(lastLine().path("unreadable").asInt()).isEqualTo(1);
    assertThat(lastLine().path("pairs").asInt()).isEqualTo(1);
    assertThat(lastLine().path("dropped").asInt()).isEqualTo(1);
    assertThat(lastLine().path("conflicts").asInt()).isZero();
  }

  @Test
  void rows_of_a_folder_are_counted_through_all_its_files() throws Exception {
    var exports = Files.createDirectory(folder.resolve("exports"));
    Files.writeString(exports.resolve("a.jsonl"), line(TICKET, "network") + "\n{broken\n");
    Files.writeString(
        exports.resolve("b.csv"), "prompt,completion\nother,x\n" + TICKET + ",network\n");
    var pairs = folder.resolve("pairs.jsonl");

    assertThat(fettle("data", "dedup", "--json", "--pairs", pairs.toString(), at("exports")))
        .isZero();

    assertThat(pairs).hasContent("{\"a\": 0, \"b\": 3, \"j\": 1.0}");
    assertThat(lastLine().at("/parts/1/name").asText()).isEqualTo("b.csv");
    assertThat(lastLine().at("/parts/1/first").asInt()).isEqualTo(2);
    assertThat(err.toString()).contains("b.csv begins at row 2");
  }

  @Test
  void both_methods_say_what_would_be_lost_and_what_is_in_conflict() throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 8; i++) {
      lines.add(line(LETTER + " number" + i, i < 6 ? "network" : "billing"));
    }
    var file = file(lines).toString();

    for (var method : List.of("exact", "lsh")) {
      assertThat(fettle("data", "dedup", "--method", method, file)).isZero();
      assertThat(out.toString())
          .contains("8 rows, 0 of them unreadable")
          .contains("6 rows would be dropped")
          .contains("2 rows stay for their answers")
          .contains("more than a third of the rows would be dropped")
          .contains("5 for row 0");
    }
  }

  @Test
  void raw_counts_what_all_rows_have_in_common_and_a_field_can_be_named() throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      lines.add("{\"text\": \"%s number%d\", \"label\": \"%d\"}".formatted(LETTER, i, i));
    }
    var file = file(lines).toString();

    assertThat(fettle("data", "dedup", "--json", "--columns", "text", file)).isZero();
    assertThat(lastLine().path("pairs").asInt()).isZero();
    assertThat(fettle("data", "dedup", "--json", "--columns", "text", "--raw", file)).isZero();
    assertThat(lastLine().path("pairs").asInt()).isEqualTo(30 * 29 / 2);
  }

  @Test
  void it_says_what_it_cannot_do() throws Exception {
    var file = file(List.of("{\"text\": \"one\", \"label\": \"two\"}")).toString();

    assertThat(fettle("data", "dedup", file)).isEqualTo(2);
    assertThat(err.toString()).contains("its rows have text, label, and --columns may name two");
    assertThat(fettle("data", "dedup", "--near", "0.4", file)).isEqualTo(2);
    assertThat(err.toString()).contains("--near is 0.4; 0.5 to 1 in steps of 0.01 are known");
    assertThat(fettle("data", "dedup", "--method", "rho", file)).isEqualTo(2);
    assertThat(err.toString()).contains("--method is rho; exact and lsh are known");
    assertThat(fettle("data", "dedup", "--columns", "a,b,c", file)).isEqualTo(2);
    assertThat(err.toString()).contains("--columns names 3 columns");
    assertThat(fettle("data", "dedup", at("absent.jsonl"))).isEqualTo(2);
    assertThat(err.toString()).contains("there is no file");
  }
}
