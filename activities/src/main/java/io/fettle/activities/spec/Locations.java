package io.fettle.activities.spec;

import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.remote.RemoteFolder;
import io.fettle.activities.spec.Tree.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Resolves paths.
 *
 * @param folder the spec's, where its relative paths start
 * @param workingFolder where the paths of a {@code --set} start, as a shell's would
 */
record Locations(Path folder, Path workingFolder) {
  /**
   * The address of an object, or of a folder of them; nobody asks here whether it is there.
   *
   * @param folders whether a slash at its end tells the one from the other
   */
  Optional<String> remote(String path, Scalar scalar, boolean folders, Problems problems) {
    try {
      var address = scalar.text().replaceFirst("/+$", "");
      if (folders && scalar.text().endsWith("/")) {
        return Optional.of(RemoteFolder.of(address, _ -> true).root().toString());
      }
      RemoteFile.of(address);
      return Optional.of(address);
    } catch (IOException e) {
      problems.add(
          path, scalar.line(), "is " + Problems.echo(scalar.text()) + "; " + e.getMessage());
      return Optional.empty();
    }
  }

  Optional<String> resolve(String path, Scalar scalar, Problems problems) {
    boolean fromShell = scalar.line() == 0;
    try {
      var resolved =
          (fromShell ? workingFolder : folder)
              .resolve(RemoteFile.local(scalar.text()))
              .toAbsolutePath()
              .normalize();
      if (Files.exists(resolved)) return Optional.of(resolved.toString());
      var start = fromShell ? "the folder you are in" : "the spec's folder";
      problems.add(
          path,
          scalar.line(),
          "is "
              + Problems.echo(scalar.text())
              + "; nothing is at "
              + resolved
              + " (relative paths start at "
              + start
              + ")");
    } catch (InvalidPathException e) {
      problems.add(
          path,
          scalar.line(),
          "is " + Problems.echo(scalar.text()) + "; no path: " + e.getReason());
    }
    return Optional.empty();
  }
}
