package io.fettle.benchmarks.servers;

import io.fettle.cli.local.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that Go builds, into {@code tools/NAME-VERSION} of a home.
 *
 * @param main where the module has its main package
 */
public record GoProgram(String name, String module, String main, String version) {
  public static final GoProgram VERSITYGW =
      new GoProgram("versitygw", "github.com/versity/versitygw", "/cmd/versitygw", "v1.8.0");
  public static final GoProgram FAKE_GCS =
      new GoProgram("fake-gcs-server", "github.com/fsouza/fake-gcs-server", "", "v1.56.1");
  public static final GoProgram S5CMD =
      new GoProgram("s5cmd", "github.com/peak/s5cmd/v2", "", "v2.3.0");
  public static final GoProgram RCLONE =
      new GoProgram("rclone", "github.com/rclone/rclone", "", "v1.71.2");

  private static final String GO = "1.24";

  /** Where it is; built unless it is there. */
  public Path built(Home home) throws IOException, InterruptedException {
    var folder = home.tools().resolve(name + "-" + version.substring(1));
    var program = folder.resolve(name);
    if (Files.isExecutable(program)) {
      return program;
    }
    // In a module of its own: "go install" asks for a list of versions too, which not all proxies
    // have.
    var build = Files.createDirectories(folder.resolve("build"));
    Files.writeString(
        build.resolve("go.mod"),
        "module fettle.local/build%n%ngo %s%n%nrequire %s %s%n".formatted(GO, module, version));
    var log = folder.resolve("build.log");
    var go =
        new ProcessBuilder("go", "build", "-mod=mod", "-o", program.toString(), module + main)
            .directory(build.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    go.environment().put("CGO_ENABLED", "0");
    if (go.start().waitFor() != 0) {
      throw new IOException(
          "go build %s@%s: %s".formatted(module + main, version, Files.readString(log)));
    }
    return program;
  }
}
