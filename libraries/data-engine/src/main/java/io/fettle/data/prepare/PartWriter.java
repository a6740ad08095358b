package io.fettle.data.prepare;

import io.fettle.data.prepare.PrepareReport.PartReport;
import io.fettle.data.prepare.TokenCounter.TokenCount;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes one part's file and measures it. */
final class PartWriter implements Closeable {
  private final Part part;
  private final MessageDigest digest = sha256();
  private final OutputStream out;
  private final List<Integer> lengths = new ArrayList<>();
  private long bytes;
  private long tokens;
  private long supervisedTokens;

  PartWriter(Part part, Path folder) throws IOException {
    this.part = part;
    OutputStream file =
        new BufferedOutputStream(Files.newOutputStream(folder.resolve(part.file())), 1 << 16);
    out = new DigestOutputStream(file, digest);
  }

  /** Writes a line, its line feed included. */
  void add(byte[] buffer, int from, int to, TokenCount count) throws IOException {
    out.write(buffer, from, to - from);
    bytes += to - from;
    tokens += count.tokens();
    supervisedTokens += count.supervisedTokens();
    lengths.add(count.tokens());
  }

  /** What was written; only after {@link #close}. */
  PartReport report() {
    List<Integer> sorted = lengths.stream().sorted().toList();
    return new PartReport(
        part,
        sorted.size(),
        bytes,
        HexFormat.of().formatHex(digest.digest()),
        tokens,
        supervisedTokens,
        sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2),
        sorted.isEmpty() ? 0 : sorted.getLast());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
