package io.fettle.data.quality;

import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what a row says, wherever it came from. */
final class ContentHash {
  private ContentHash() {}

  /** In hex. */
  static String of(Row row) {
    var anywhere = new Row("", 0, row.messages(), "", row.rejected(), row.tools());
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(RowJson.line(anywhere));
      return HexFormat.of().formatHex(digest);
    } catch (IOException broken) {
      throw new UncheckedIOException("row " + row.id() + " cannot be written", broken);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
