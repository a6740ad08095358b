package io.fettle.data.quality;

import io.fettle.data.hash.Sha256;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import java.io.IOException;
import java.io.UncheckedIOException;

/** SHA-256 of what a row says, wherever it came from. */
final class ContentHash {
  private ContentHash() {}

  /** In hex. */
  static String of(Row row) {
    var anywhere = new Row("", 0, row.messages(), "", row.rejected(), row.tools());
    try {
      return Sha256.of(RowJson.line(anywhere));
    } catch (IOException broken) {
      throw new UncheckedIOException("row " + row.id() + " cannot be written", broken);
    }
  }
}
