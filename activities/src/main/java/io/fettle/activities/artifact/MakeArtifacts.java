package io.fettle.activities.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.workflows.artifact.Artifact;
import io.fettle.workflows.artifact.Artifact.Measure;
import io.fettle.workflows.artifact.ArtifactActivities;
import io.fettle.workflows.artifact.ArtifactLookupActivities;
import io.fettle.workflows.artifact.MergeJob;
import io.fettle.workflows.artifact.QuantizeJob;
import io.fettle.workflows.spec.DeploySpec;
import io.fettle.workflows.spec.MergeSpec.BasePrecision;
import io.fettle.workflows.spec.MethodSpec.Tuning;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Merge and quantize as cached steps: the program verifies before its result is recorded. */
final class MakeArtifacts implements ArtifactActivities, ArtifactLookupActivities {
  /** Raised when the programs would make another artifact of the same inputs. */
  private static final int MAKING = 1;

  private static final double LOGIT_TOLERANCE = 1e-3;
  private static final String MERGE_ENVIRONMENT = "train";
  private static final String QUANTIZE_ENVIRONMENT = "quantize";

  private final ArtifactOptions options;

  MakeArtifacts(ArtifactOptions options) {
    this.options = options;
  }

  private record MergeInputs(
      String baseModel,
      String adapter,
      String tuning,
      String basePrecision,
      int making,
      String salt) {}

  private record QuantizeInputs(
      String scheme,
      String merged,
      String dataset,
      int samples,
      int maxLength,
      @Nullable String dtype,
      long seed,
      int making,
      String salt) {}

  @Override
  public Artifact merge(MergeJob job) {
    return Beat.during(beat -> merged(job, beat));
  }

  private Artifact merged(MergeJob job, Beat beat) throws Exception {
    Spec spec = spec(job.spec());
    String precision = precision(spec);
    MergeInputs inputs =
        new MergeInputs(
            job.baseModel().sha256(),
            job.adapter().sha256(),
            spec.method().tuning().name(),
            precision,
            MAKING,
            job.salt());
    StepKey key = StepKey.of("merge", inputs, options.environments().lockHash(MERGE_ENVIRONMENT));
    return once(
        key,
        () ->
            spec.method().tuning() == Tuning.FULL
                ? whole(job, beat)
                : merged(job, precision, spec.method().tuning(), beat),
        beat);
  }

  /** Full training made a model already. */
  private Artifact whole(MergeJob job, Beat beat) throws IOException {
    try (Making making = Making.in(options, beat, "merge")) {
      Path model = making.staged(job.adapter(), "model");
      return new Artifact("merged", job.adapter(), Making.bytes(model), List.of(), false);
    }
  }

  private Artifact merged(MergeJob job, String precision, Tuning tuning, Beat beat)
      throws IOException, InterruptedException {
    try (Making making = Making.in(options, beat, "merge")) {
      Path out = making.path("merged");
      Map<String, Object> config = new LinkedHashMap<>();
      config.put("base_model", making.staged(job.baseModel(), "base").toString());
      config.put("adapter", making.staged(job.adapter(), "adapter").toString());
      config.put("out", out.toString());
      config.put("dtype", "bf16");
      config.put("base_precision", precision);
      config.put("trained_on", tuning == Tuning.QLORA ? "nf4" : "source");
      config.put("tolerance", LOGIT_TOLERANCE);
      JsonNode result = making.program(MERGE_ENVIRONMENT, "fettle_artifact", "merge", config);
      return new Artifact(
          "merged", making.published(out), Making.bytes(out), measures(result), false);
    }
  }

  @Override
  public Artifact quantize(QuantizeJob job) {
    return Beat.during(beat -> quantized(job, beat));
  }

  private Artifact quantized(QuantizeJob job, Beat beat) throws Exception {
    Spec spec = spec(job.spec());
    return once(key(job, spec), () -> quantized(job, spec, beat), beat);
  }

  private Artifact quantized(QuantizeJob job, Spec spec, Beat beat)
      throws IOException, InterruptedException {
    try (Making making = Making.in(options, beat, "quantize")) {
      Path out = making.path("quantized");
      Map<String, Object> config = new LinkedHashMap<>();
      config.put("model", making.staged(job.merged(), "merged").toString());
      config.put("out", out.toString());
      config.put("scheme", job.scheme());
      config.put("dtype", dtype(spec));
      config.put(
          "calibration_rows",
          making.staged(job.dataset(), "dataset").resolve("train.jsonl").toString());
      config.put("samples", spec.quantize().samples());
      config.put("max_length", spec.data().maxLength());
      config.put("seed", spec.train().seed());
      JsonNode result = making.program(QUANTIZE_ENVIRONMENT, "fettle_quantize", "quantize", config);
      return new Artifact(
          job.scheme(),
          making.published(out),
          Making.bytes(out),
          measures(result.path("verify")),
          false);
    }
  }

  @Override
  public Optional<Artifact> findQuantized(QuantizeJob job) {
    try {
      return options
          .steps()
          .find(key(job, spec(job.spec())), Artifact.class)
          .map(MakeArtifacts::reused);
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  private StepKey key(QuantizeJob job, Spec spec) throws IOException {
    QuantizeInputs inputs =
        new QuantizeInputs(
            job.scheme(),
            job.merged().sha256(),
            job.dataset().sha256(),
            spec.quantize().samples(),
            spec.data().maxLength(),
            dtype(spec),
            spec.train().seed(),
            MAKING,
            job.salt());
    return StepKey.of("quantize", inputs, options.environments().lockHash(QUANTIZE_ENVIRONMENT));
  }

  private Artifact once(StepKey key, StepCache.Body<Artifact> body, Beat beat) throws Exception {
    StepCache.Result<Artifact> result =
        options
            .steps()
            .once(key, Artifact.class, body, holder -> beat.says("wait for " + holder, 0, "steps"));
    return result.reused() ? reused(result.value()) : result.value();
  }

  private static Artifact reused(Artifact made) {
    return new Artifact(made.kind(), made.tree(), made.bytes(), made.measures(), true);
  }

  private Spec spec(Reference spec) throws IOException {
    return Wire.mapper().readValue(options.store().read(spec), Spec.class);
  }

  private static String precision(Spec spec) {
    return spec.merge().basePrecision() == BasePrecision.DEQUANTIZED_NF4
        ? "dequantized_nf4"
        : BasePrecision.SOURCE.name().toLowerCase(Locale.ROOT);
  }

  /** What serves, computes; null in plans made before there was a choice. */
  private static @Nullable String dtype(Spec spec) {
    DeploySpec.Dtype dtype = spec.deploy().dtype();
    return dtype == null ? null : dtype.name().toLowerCase(Locale.ROOT);
  }

  /** Every number that the program's verification reports. */
  private static List<Measure> measures(JsonNode result) {
    List<Measure> measures = new ArrayList<>();
    result.properties().stream()
        .filter(field -> field.getValue().isNumber())
        .map(field -> new Measure(field.getKey(), field.getValue().asDouble()))
        .forEach(measures::add);
    return measures;
  }
}
