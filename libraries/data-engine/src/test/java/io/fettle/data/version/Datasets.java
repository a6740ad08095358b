package io.fettle.data.version;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.version.DatasetManifest.Input;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetManifest.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Small datasets, written as {@code prompt => answer}, for the tests of this package and others.
 */
public final class Datasets {
  public static final List<String> PARTS = List.of("train", "dev", "test");
  public static final String HASH = "0123456789abcdef".repeat(4);

  private Datasets() {}

  /** A row of {@code source}, whose line is its number. */
  public static Row row(String source, long line, String text) {
    String[] sides = text.split(" => ", -1);
    return new Row(
        source,
        line,
        List.of(new Message(Role.USER, sides[0]), new Message(Role.ASSISTANT, sides[1])),
        "");
  }

  public static Origin origin(String config, String code) throws IOException {
    JsonNode tree = new JsonMapper().readTree(config);
    return new Origin(
        List.of(new Input("rows.jsonl", HASH, 4_096)),
        List.of(new Stage("read", 9, 8, new TreeMap<>(Map.of("broken_json", 1L)))),
        tree,
        code,
        HASH,
        HASH,
        "");
  }

  /** Writes the parts' rows, all of the source {@code rows.jsonl}, numbered through. */
  public static DatasetManifest write(Path folder, long shardBytes, Map<String, List<String>> rows)
      throws IOException {
    try (var writer = DatasetWriter.open(folder, PARTS, shardBytes)) {
      return finish(writer, rows);
    }
  }

  /** The same, wherever the writer puts them. */
  static DatasetManifest finish(DatasetWriter writer, Map<String, List<String>> rows)
      throws IOException {
    long line = 0;
    for (String part : PARTS) {
      for (String text : rows.getOrDefault(part, List.of())) {
        writer.add(part, row("rows.jsonl", ++line, text));
      }
    }
    return writer.finish(origin("{\"seed\":17}", "0.1.0"));
  }
}
