package io.fettle.cli.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/** A file fetched over HTTP, that exists only if its SHA-256 is the expected one. */
final class Download {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Progress progress;

  Download(Progress progress) {
    this.progress = progress;
  }

  void fetch(String what, URI source, String sha256, Path target)
      throws IOException, InterruptedException {
    try (var http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      var response =
          http.send(HttpRequest.newBuilder(source).build(), BodyHandlers.ofInputStream());
      try (var body = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException("%s answered %d".formatted(source, response.statusCode()));
        }
        var seen = copy(what, body, length(response), target);
        if (!seen.equals(sha256)) {
          Files.delete(target);
          throw new IOException("%s has SHA-256 %s; expected %s".formatted(source, seen, sha256));
        }
      }
    }
  }

  private static long length(HttpResponse<?> response) {
    return response.headers().firstValueAsLong("Content-Length").orElse(0);
  }

  private String copy(String what, InputStream body, long total, Path target) throws IOException {
    var digest = sha256();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
      var buffer = new byte[1 << 16];
      long done = 0;
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        out.write(buffer, 0, n);
        done += n;
        progress.at(what, done, total);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
