package io.fettle.cli.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.disks.Folders;
import io.fettle.data.prepare.Part;
import io.fettle.data.prepare.Preparation;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.PrepareReport;
import io.fettle.data.prepare.TokenCounter;
import io.fettle.data.read.Source;
import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetManifest.Input;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetManifest.Stage;
import io.fettle.data.version.DatasetWriter;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files to a versioned dataset without a run. No model is asked, so no row is too long here, and
 * lengths stand as 0.
 */
public final class PreparedFolder {
  private static final long SHARD_BYTES = 64L << 20;

  private PreparedFolder() {}

  /** What came out. */
  public record Result(PrepareReport report, DatasetManifest manifest) {}

  /**
   * Writes a dataset into a folder, which must not hold one.
   *
   * @param code the version of this program
   * @throws io.fettle.data.prepare.RefusedRows where somebody must look at the rows first
   */
  public static Result write(
      PrepareOptions options, JsonNode config, String code, Path folder, Preparation.Progress told)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path work = Files.createTempDirectory(folder, ".work-");
    try {
      PrepareReport report = Preparation.run(options, TokenCounter.none(), work, told);
      try (var writer = DatasetWriter.open(folder, parts(), SHARD_BYTES)) {
        for (Part part : Part.values()) {
          copy(work.resolve(part.file()), part.word(), writer);
        }
        var origin =
            new Origin(inputs(options), Stage.of(report.stages()), config, code, "", "", "");
        return new Result(report, writer.finish(origin));
      }
    } finally {
      Folders.delete(work);
    }
  }

  private static List<String> parts() {
    return Arrays.stream(Part.values()).map(Part::word).toList();
  }

  private static void copy(Path rows, String part, DatasetWriter writer) throws IOException {
    var line = new ByteArrayOutputStream(1 << 12);
    try (var in = new BufferedInputStream(Files.newInputStream(rows), 1 << 16)) {
      for (int value = in.read(); value >= 0; value = in.read()) {
        line.write(value);
        if (value == '\n') {
          writer.addLine(part, line.toByteArray());
          line.reset();
        }
      }
    }
  }

  private static List<Input> inputs(PrepareOptions options) throws IOException {
    List<Input> inputs = new ArrayList<>();
    for (Source source :
        Stream.concat(options.pool().stream(), options.testSet().stream()).toList()) {
      inputs.add(new Input(source.name(), sha256(source.path()), Files.size(source.path())));
    }
    return inputs;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var digest = MessageDigest.getInstance("SHA-256");
      in.transferTo(new DigestOutputStream(java.io.OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
