package io.fettle.data.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.diff.DatasetDiff.Change;
import io.fettle.data.diff.DatasetDiff.Move;
import io.fettle.data.diff.DatasetDiff.SourceRows;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetReader;
import io.fettle.data.version.DatasetWriter;
import io.fettle.data.version.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetDiffTest {
  @TempDir Path folder;

  @Test
  void rows_are_added_removed_moved_and_answered_anew() throws IOException {
    var diff =
        diff(
            Map.of(
                "train",
                List.of("a => 1", "b => 1", "c => 1", "gone => 1"),
                "dev",
                List.of("d => 1")),
            Map.of(
                "train",
                List.of("a => 1", "b => 2", "new => 1"),
                "dev",
                List.of("c => 1", "d => 1")));

    assertThat(diff.same()).isEqualTo(2);
    assertThat(diff.added()).isEqualTo(1);
    assertThat(diff.removed()).isEqualTo(1);
    assertThat(diff.changed()).isEqualTo(1);
    assertThat(diff.moves()).containsExactly(new Move("train", "dev", 1));
    assertThat(diff.sources()).containsExactly(new SourceRows("rows.jsonl", 5, 5));
    assertThat(diff.isSameRows()).isFalse();
  }

  @Test
  void other_ids_and_another_order_are_no_difference_of_rows() throws IOException {
    var diff =
        diff(
            Map.of("train", List.of("a => 1", "b => 1")),
            Map.of("train", List.of("b => 1", "a => 1")));

    assertThat(diff.isSameRows()).isTrue();
    assertThat(diff.before().dataset()).isNotEqualTo(diff.after().dataset());
  }

  @Test
  void rows_that_repeat_are_counted_one_by_one() throws IOException {
    var diff =
        diff(
            Map.of("train", List.of("a => 1", "a => 1", "a => 1")),
            Map.of("train", List.of("a => 1"), "test", List.of("a => 1")));

    assertThat(diff.same()).isEqualTo(1);
    assertThat(diff.moves()).containsExactly(new Move("train", "test", 1));
    assertThat(diff.removed()).isEqualTo(1);
  }

  @Test
  void a_turn_that_moves_into_another_message_is_another_row() throws IOException {
    var user = new Message(Role.USER, "a");
    var one = new Row("r", 1, List.of(user, new Message(Role.ASSISTANT, "b9:assistant")), "");
    var two = new Row("r", 1, List.of(user, new Message(Role.ASSISTANT, "b", "9", "")), "");

    assertThat(RowKeys.of(one).whole()).isNotEqualTo(RowKeys.of(two).whole());
    assertThat(RowKeys.of(one).prompt()).isEqualTo(RowKeys.of(two).prompt());
    assertThat(RowKeys.of(one.over("worse")).whole()).isNotEqualTo(RowKeys.of(one).whole());
    assertThat(RowKeys.of(one.withTools("[]")).prompt()).isNotEqualTo(RowKeys.of(one).prompt());
  }

  @Test
  void what_they_came_from_is_compared_value_by_value() throws IOException {
    Path a = folder.resolve("a");
    Path b = folder.resolve("b");
    for (Path each : List.of(a, b)) {
      try (var writer = DatasetWriter.open(each, Datasets.PARTS, 1_000)) {
        boolean first = each.equals(a);
        writer.finish(
            first
                ? Datasets.origin("{\"seed\":17,\"near\":{\"j\":0.8}}", "0.1.0")
                : Datasets.origin("{\"seed\":18,\"near\":{\"j\":0.8,\"k\":5}}", "0.2.0"));
      }
    }

    var diff = DatasetDiff.of(DatasetReader.open(a), DatasetReader.open(b));

    assertThat(diff.origin())
        .containsExactly(
            new Change("code", "0.1.0", "0.2.0"),
            new Change("config/near/k", "", "5"),
            new Change("config/seed", "17", "18"));
    assertThat(diff.text()).contains("config/near/k: (none) -> 5", "answer changed");
  }

  @Test
  void the_table_counts_as_a_list_would_whatever_the_number_of_rows() throws IOException {
    var random = new Random(5);
    List<String> before = drawn(random, 6_000);
    List<String> after = drawn(random, 6_000);

    var diff = diff(Map.of("train", before), Map.of("train", after));

    List<String> left = new ArrayList<>(before);
    after.forEach(left::remove);
    assertThat(diff.same()).isEqualTo(before.size() - left.size());
    assertThat(diff.removed() + diff.changed()).isEqualTo(left.size());
    assertThat(diff.added()).isEqualTo(diff.removed());
    assertThat(diff.changed()).isPositive();
  }

  @Test
  void a_damaged_dataset_stops_the_comparison() throws IOException {
    DatasetManifest manifest = Datasets.write(folder, 1_000, Map.of("train", List.of("a => b")));
    Files.writeString(folder.resolve(manifest.parts().getFirst().shards().getFirst().file()), "{}");
    var reader = DatasetReader.open(folder);

    assertThatThrownBy(() -> DatasetDiff.of(reader, reader))
        .isInstanceOf(DatasetReader.DamagedDataset.class);
  }

  private static List<String> drawn(Random random, int rows) {
    return IntStream.range(0, rows)
        .mapToObj(_ -> "ask %d => say %d".formatted(random.nextInt(3_000), random.nextInt(3)))
        .toList();
  }

  private DatasetDiff diff(Map<String, List<String>> before, Map<String, List<String>> after)
      throws IOException {
    Datasets.write(folder.resolve("before"), 1_000, before);
    Datasets.write(folder.resolve("after"), 500, after);
    return DatasetDiff.of(
        DatasetReader.open(folder.resolve("before")), DatasetReader.open(folder.resolve("after")));
  }
}
