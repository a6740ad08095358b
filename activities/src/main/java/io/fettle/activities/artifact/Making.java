package io.fettle.activities.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.disks.Scratch;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A scratch folder for one step, its heartbeat, and what every step does with both. */
final class Making implements AutoCloseable {
  private final ArtifactOptions options;
  private final Beat beat;
  private final Scratch scratch;

  private Making(ArtifactOptions options, Beat beat, Scratch scratch) {
    this.options = options;
    this.beat = beat;
    this.scratch = scratch;
  }

  static Making in(ArtifactOptions options, Beat beat, String kind) throws IOException {
    return new Making(options, beat, Scratch.in(options.work(), kind));
  }

  Path path(String name) {
    return scratch.folder().resolve(name);
  }

  /** A tree of the store as a folder here, to be read only. */
  Path staged(Reference tree, String name) throws IOException {
    beat.says("stage " + name, 0, "trees");
    Staging.stageTree(options.store(), tree, options.cache(), path(name));
    return path(name);
  }

  /** The result of a program of ours. */
  JsonNode program(String environment, String module, String verb, Object config)
      throws IOException, InterruptedException {
    beat.says(verb + ": start", 0, "programs");
    return options
        .environments()
        .run(
            new Environments.Call(environment, module, verb, config, path("program")),
            (_, phase, done, total, unit) -> beat.says(verb + ": " + phase, done, unit));
  }

  /** Puts a folder into the store. */
  Reference published(Path made) throws IOException {
    beat.says("upload", 0, "trees");
    return Staging.uploadTree(options.store(), made, ObjectStore.OBJECTS);
  }

  static long bytes(Path made) throws IOException {
    try (Stream<Path> files = Files.walk(made)) {
      return files.filter(Files::isRegularFile).mapToLong(Making::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    scratch.close();
  }
}
