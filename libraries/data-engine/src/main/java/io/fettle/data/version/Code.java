package io.fettle.data.version;

import io.fettle.data.hash.Sha256;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The code that makes datasets. */
public final class Code {
  private static final int SHORT = 12;

  private Code() {}

  /**
   * The release and, behind a plus, the first digits of this jar's SHA-256: builds are
   * reproducible, so equal ones are equal code. {@code unreleased} where the classes lie in no jar.
   */
  public static String version() {
    String release = Code.class.getPackage().getImplementationVersion();
    if (release == null) {
      return "unreleased";
    }
    try {
      Path jar = Path.of(Code.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isRegularFile(jar)
          ? release + "+" + Sha256.of(jar).substring(0, SHORT)
          : release;
    } catch (IOException | URISyntaxException _) {
      return release;
    }
  }
}
