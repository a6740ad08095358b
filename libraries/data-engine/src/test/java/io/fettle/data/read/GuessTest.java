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

  private Guess guess(String content) throws IOException {
    return Guess.of(Files.writeString(folder.resolve("rows"), content));
  }
}
