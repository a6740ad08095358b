package io.fettle.data.contamination;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Source;
import io.fettle.data.row.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTest {
  @TempDir Path folder;

  @Test
  void fields_are_named_and_a_question_needs_no_answer() throws IOException {
    String rows =
        """
        {"question": "How many rolls are left?", "choices": [1, 2], "answer": 1}
        {"question": "And how many rolls does she sell?", "choices": [3, 4], "answer": 0}
        """;

    assertThat(items(rows, "question", "").kept()).isEqualTo(2);
    assertThat(items(rows, "question", "answer").kept()).isZero();
    assertThat(items(rows, "", "").drops())
        .extracting(drop -> drop.reason().key() + " " + drop.rows())
        .containsExactly("missing_field 2");
  }

  @Test
  void rows_of_any_shape_are_items() throws IOException {
    assertThat(items("{\"prompt\": \"why\", \"completion\": \"so\"}\n", "", "").kept()).isOne();
    assertThat(items("{\"prompt\": \"why\"}\n", "", "").kept()).isOne();
    assertThat(items("prompt,level\nwhy,3\n", "", "").kept()).isOne();
    assertThat(items("{\"instruction\": \"why\", \"output\": \"so\"}\n", "", "").kept()).isOne();
    String chat =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}\n";
    assertThat(items(chat, "", "").kept()).isOne();
  }

  private Tally.Counts items(String rows, String prompt, String answer) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "items", ""), rows);
    Source source = Benchmark.source(file, "items", FieldMapping.usual(), prompt, answer);
    return new Contamination(List.of(), List.of(source), 1L << 20).files().getFirst();
  }
}
