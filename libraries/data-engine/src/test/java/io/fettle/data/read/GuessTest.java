package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuessTest {
  @TempDir Path folder;

  @Test
  void the_first_rows_tell_the_format_even_where_some_are_broken() throws IOException {
    assertThat(guess("{\"mess\n{\"id\": 1, \"messages\": []}\n"))
        .isEqualTo(new Guess(Format.CHAT_JSONL, List.of("id", "messages")));
    assertThat(guess("{\"question\": \"a\", \"answer\": \"b\"}\n"))
        .isEqualTo(new Guess(Format.PROMPT_COMPLETION_JSONL, List.of("question", "answer")));
    assertThat(guess("text, \"category\"\nHi,a\n"))
        .isEqualTo(new Guess(Format.CSV, List.of("text", "category")));
  }

  @Test
  void a_name_that_ends_in_tsv_means_tabs_where_the_rows_are_no_objects() throws IOException {
    Path file = Files.writeString(folder.resolve("rows"), "text\t\"a, b\"\nHi\tx\n");
    var tabs = new Guess(Format.TSV, List.of("text", "a, b"));

    for (String name : List.of("rows.tsv", "2024/rows.TSV.gz", "rows.tsv#2", "r.tsv.zst#11")) {
      assertThat(Guess.of(file, name)).as(name).isEqualTo(tabs);
    }
    for (String name : List.of("rows.csv", "tsv", "rows.tsv.csv", "rows.tsv.txt")) {
      assertThat(Guess.of(file, name).format()).as(name).isEqualTo(Format.CSV);
    }
    Files.writeString(file, "{\"prompt\": \"a\", \"completion\": \"b\"}\n");
    assertThat(Guess.of(file, "rows.tsv").format()).isEqualTo(Format.PROMPT_COMPLETION_JSONL);
  }

  private Guess guess(String content) throws IOException {
    return Guess.of(Files.writeString(folder.resolve("rows"), content));
  }
}
