package io.fettle.data.read;

import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a reader made of a file, in words. */
record Reading(List<Row> rows, List<String> bad) {
  static Reading of(Format format, FieldMapping fields, Path folder, byte[] content)
      throws IOException {
    Path file = Files.write(folder.resolve("rows"), content);
    var reading = new Reading(new ArrayList<>(), new ArrayList<>());
    RowReader.of(format)
        .read(
            new Source(file, "rows", format, fields),
            new RowReader.Sink() {
              @Override
              public void row(Row row) {
                reading.rows.add(row);
              }

              @Override
              public void bad(Reason reason, String rowId) {
                reading.bad.add(rowId + " " + reason.key());
              }
            });
    return reading;
  }

  static Reading of(Format format, FieldMapping fields, Path folder, String content)
      throws IOException {
    return of(format, fields, folder, content.getBytes(StandardCharsets.UTF_8));
  }

  List<String> ids() {
    return rows.stream().map(Row::id).toList();
  }

  static Message system(String text) {
    return new Message(Role.SYSTEM, text);
  }

  static Message user(String text) {
    return new Message(Role.USER, text);
  }

  static Message assistant(String text) {
    return new Message(Role.ASSISTANT, text);
  }
}
