package io.fettle.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.inspect.Inspection.Lengths;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.version.DatasetReader;
import io.fettle.data.version.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
  @TempDir Path folder;

  @Test
  void a_file_is_counted_bad_rows_duplicates_and_roles() throws IOException {
    var inspection =
        inspect(
            """
            {"prompt": "ask", "completion": "say"}
            {"prompt": "ask
            {"prompt": "Ask", "completion": ""}
            {"prompt": "longer", "completion": "said"}
            {"prompt": "ask", "completion": "say"}
            """,
            5);

    assertThat(inspection.format()).isEqualTo(Format.PROMPT_COMPLETION_JSONL);
    assertThat(inspection.fields()).containsExactly("prompt", "completion");
    assertThat(inspection.rows().seen()).isEqualTo(5);
    assertThat(inspection.rows().kept()).isEqualTo(3);
    assertThat(inspection.rows().drops())
        .extracting(drop -> drop.reason() + " " + drop.samples())
        .containsExactly(Reason.BROKEN_JSON + " [it:2]", Reason.EMPTY_ANSWER + " [it:3]");
    assertThat(inspection.duplicates()).isEqualTo(1);
    assertThat(inspection.turns()).isEqualTo(Map.of(Role.USER, 3L, Role.ASSISTANT, 3L));
    assertThat(inspection.prompts()).isEqualTo(new Lengths(3, 3, 6, 6));
    assertThat(inspection.samples()).extracting(Row::line).containsExactly(1L, 4L, 5L);
    assertThat(inspection.stopped()).isEmpty();
  }

  @Test
  void samples_come_from_all_over_the_file_and_are_the_same_each_time() throws IOException {
    var text = new StringBuilder();
    IntStream.range(0, 2_000)
        .forEach(i -> text.append("{\"prompt\": \"p%d\", \"completion\": \"c\"}\n".formatted(i)));

    List<Row> samples = inspect(text.toString(), 5).samples();

    assertThat(samples).hasSize(5).isEqualTo(inspect(text.toString(), 5).samples());
    assertThat(samples).anyMatch(row -> row.line() > 1_000);
    assertThat(inspect(text.toString(), 0).samples()).isEmpty();
  }

  @Test
  void a_part_of_a_dataset_is_inspected_as_a_file_is() throws IOException {
    Datasets.write(folder, 1_000, Map.of("dev", List.of("a => b", "a => b")));

    var inspection = Inspection.of(DatasetReader.open(folder), "dev", 0);

    assertThat(inspection.rows().kept()).isEqualTo(2);
    assertThat(inspection.duplicates()).isEqualTo(1);
  }

  @Test
  void lengths_are_exact_while_short_and_nearly_so_when_long() {
    var random = new Random(3);
    int[] lengths = IntStream.range(0, 999).map(_ -> random.nextInt(100_000)).sorted().toArray();
    var tally = new LengthTally();
    IntStream.of(lengths).forEach(tally::add);

    assertThat((double) tally.lengths().median())
        .isBetween(lengths[499] * 0.984, (double) lengths[499]);
    assertThat((double) tally.lengths().most())
        .isBetween(lengths[899] * 0.984, (double) lengths[899]);
    assertThat(tally.lengths().longest()).isEqualTo(lengths[998]);
    for (int length : new int[] {0, 1, 63, 64, 127, 128, Integer.MAX_VALUE}) {
      var one = new LengthTally();
      one.add(length);
      assertThat(one.lengths()).isEqualTo(new Lengths(length, length, length, length));
    }
  }

  private Inspection inspect(String text, int samples) throws IOException {
    Path file = Files.writeString(folder.resolve("it.jsonl"), text);
    return Inspection.of(file, "it", FieldMapping.usual(), samples);
  }
}
