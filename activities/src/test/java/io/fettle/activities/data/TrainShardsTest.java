package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.data.TrainShards.Index;
import io.fettle.activities.data.TrainShards.Shard;
import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetWriter;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainShardsTest {
  private static final List<String> ROWS =
      List.of(
          "{\"id\":\"a\"}", "{\"id\":\"é\"}", "{\"id\":\"c\"}", "{\"id\":\"d\"}", "{\"id\":\"e\"}");

  @TempDir Path dataset;

  @Test
  void rows_that_fit_into_one_file_stay_in_it() throws IOException {
    TrainShards.index(dataset, written(1_000));

    assertThat(dataset.resolve("train")).doesNotExist();
    assertThat(dataset.resolve("train.jsonl")).hasContent(String.join("\n", ROWS));
  }

  @Test
  void more_rows_go_into_several_files_in_their_order_and_the_first_is_a_sample()
      throws IOException {
    TrainShards.index(dataset, written(23));

    var index =
        Wire.mapper()
            .readValue(Files.readAllBytes(dataset.resolve("train/index.json")), Index.class);
    assertThat(index.shards())
        .containsExactly(
            new Shard("00000.jsonl", 2), new Shard("00001.jsonl", 2), new Shard("00002.jsonl", 1));
    assertThat(dataset.resolve("train/00001.jsonl")).hasContent(ROWS.get(2) + "\n" + ROWS.get(3));
    assertThat(dataset.resolve("train.jsonl"))
        .hasSameBinaryContentAs(dataset.resolve("train/00000.jsonl"));
  }

  private DatasetManifest.Part written(long shardBytes) throws IOException {
    try (var writer = DatasetWriter.openNamed(dataset, List.of("train"), "train", shardBytes)) {
      for (String row : ROWS) {
        byte[] line = (row + "\n").getBytes(StandardCharsets.UTF_8);
        writer.addLine("train", line, 0, line.length);
      }
      var nothing = Wire.mapper().createObjectNode();
      return writer
          .finish(new DatasetManifest.Origin(List.of(), List.of(), nothing, "", "", "", ""))
          .part("train");
    }
  }
}
