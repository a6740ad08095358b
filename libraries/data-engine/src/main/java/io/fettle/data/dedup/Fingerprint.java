package io.fettle.data.dedup;

import io.fettle.data.hash.Sha256;
import io.fettle.data.row.Message;
import io.fettle.data.row.Row;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** 128 bits of a text's SHA-256: equal means equal, for any number of rows that fits a disk. */
public record Fingerprint(long high, long low) implements Comparable<Fingerprint> {
  private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(Sha256::digest);

  /** Of the whole conversation in its plain form: rows with equal ones are exact duplicates. */
  public static Fingerprint ofRow(Row row) {
    var whole = new ByteArrayOutputStream(256);
    for (Message message : row.messages()) {
      whole.writeBytes(message.role().word().getBytes(StandardCharsets.UTF_8));
      whole.write(0);
      whole.writeBytes(Text.bytes(message.content(), true));
      whole.write(0);
    }
    return of(whole.toByteArray());
  }

  /** Of the prompt without case and system turn: rows with equal ones ask the same. */
  public static Fingerprint ofPrompt(Row row) {
    return alike(row.prompt());
  }

  /** Of the answer in its plain form. */
  public static Fingerprint ofResponse(Row row) {
    return plain(row.response());
  }

  static Fingerprint alike(String text) {
    return of(Text.bytes(text, false));
  }

  static Fingerprint plain(String text) {
    return of(Text.bytes(text, true));
  }

  /** Of a text as it is. */
  public static Fingerprint of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Fingerprint of(byte[] bytes) {
    ByteBuffer digest = ByteBuffer.wrap(SHA256.get().digest(bytes));
    return new Fingerprint(digest.getLong(), digest.getLong());
  }

  @Override
  public int compareTo(Fingerprint other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }
}
