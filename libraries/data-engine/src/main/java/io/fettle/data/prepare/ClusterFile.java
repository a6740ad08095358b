package io.fettle.data.prepare;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes which rows of dev and test hang together: who scores them counts each such cluster once,
 * since its rows are right or wrong together.
 */
record ClusterFile(Path file) {
  private static final JsonMapper JSON = new JsonMapper();

  void write(List<Entry> rows, Split split, Neighbours neighbours) throws IOException {
    try (JsonGenerator json = JSON.getFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.setRootValueSeparator(null);
      for (Part part : List.of(Part.DEV, Part.TEST)) {
        write(
            json,
            part,
            neighbours,
            rows.stream().filter(row -> part == partOf(row, split)).toList());
      }
    }
  }

  private static void write(JsonGenerator json, Part part, Neighbours neighbours, List<Entry> held)
      throws IOException {
    for (List<Entry> cluster : neighbours.clustersOf(held)) {
      if (cluster.size() > 1) {
        write(json, part, cluster);
      }
    }
  }

  private static Part partOf(Entry row, Split split) {
    return row.inTestSet() ? Part.TEST : split.part(row);
  }

  private static void write(JsonGenerator json, Part part, List<Entry> cluster) throws IOException {
    json.writeStartObject();
    json.writeStringField("part", part.word());
    json.writeArrayFieldStart("rows");
    for (Entry row : cluster) {
      json.writeString(row.id());
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
  }
}
