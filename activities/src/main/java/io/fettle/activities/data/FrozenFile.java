package io.fettle.activities.data;

import io.fettle.data.hash.Sha256;
import io.fettle.workflows.wire.FailureType;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;

/**
 * A user's file as it was when the step began.
 *
 * @param path where the user keeps it; no part of the step's inputs, so that a moved file is the
 *     same one
 * @param name what reports and row ids call it
 * @param sha256 of its bytes
 */
record FrozenFile(Path path, String name, String sha256, long bytes) {
  static FrozenFile of(Path path, String name) throws IOException {
    try {
      return new FrozenFile(path, name, Sha256.of(path), Files.size(path));
    } catch (AccessDeniedException e) {
      throw FailureType.BAD_DATA.failure(
          "the data file %s may not be read here; give the worker's user read access"
              .formatted(path));
    }
  }

  /** Copies the bytes, so that nothing that happens to the user's file reaches the dataset. */
  Path copyInto(Path folder) throws IOException {
    Path copy = Files.createTempFile(folder, "input-", "");
    var digest = Sha256.digest();
    try (var in = new DigestInputStream(Files.newInputStream(path), digest)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Sha256.of(digest).equals(sha256)) {
      throw new IOException(
          path + " changed while it was read; the step tries again with what it holds now");
    }
    return copy;
  }
}
