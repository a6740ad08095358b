package io.fettle.activities.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.data.filter.Filters;
import io.fettle.workflows.spec.SpecPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** What no single key can say: keys that contradict each other, and limits of the policy. */
final class Rules {
  private final Checked spec;
  private final SpecPolicy policy;
  private final Problems problems;

  Rules(Checked spec, SpecPolicy policy, Problems problems) {
    this.spec = spec;
    this.policy = policy;
    this.problems = problems;
  }

  void check() {
    model();
    files();
    languages();
    quality();
    lengths();
    mapping();
    method();
    learning();
    batches();
    times();
    new EvaluationRules(spec, problems).check();
    new CapacityRules(spec, problems).check();
    serving();
    reach();
  }

  private void model() {
    switch (spec.word("model.source")) {
      case "package" ->
          needs(
              "model.id",
              "the package that holds the model, as " + String.join(", ", policy.packages()));
      case "hub" -> {
        needs("model.id", "the model's name on the hub, as HuggingFaceTB/SmolLM2-135M-Instruct");
        needs(
            "model.revision",
            "the commit to take: of a branch, what it names may change under a run");
      }
      case "path" -> needs("model.path", "the model's folder");
      default -> {
        return;
      }
    }
    var source = spec.word("model.source");
    if (source.equals("path")) unwanted("model.id", "model.source is path; leave it out");
    else
      unwanted("model.path", "model.source is " + source + "; leave it out, or write source: path");
    if (!source.equals("hub"))
      unwanted("model.revision", "only a hub's model has revisions; leave it out");
    if (source.equals("package")
        && spec.at("model.id").isPresent()
        && !policy.packages().contains(spec.word("model.id"))) {
      refuse(
          "model.id",
          "is " + quoted("model.id") + "; known packages: " + String.join(", ", policy.packages()));
    }
    spec.at("model.path")
        .filter(path -> !isModel(path.asText()))
        .ifPresent(
            path ->
                refuse(
                    "model.path",
                    "is "
                        + quoted("model.path")
                        + "; no config.json is in there, so it holds no model"));
  }

  private void files() {
    var files = new RowPlaces(this::refuse);
    list("data.train").forEach(files::train);
    spec.at("data.test").ifPresent(test -> files.test(test.asText()));
    spec.at("data.benchmarks")
        .map(b -> b.findValuesAsText("file"))
        .orElse(List.of())
        .forEach(files::benchmark);
  }

  private void languages() {
    var known = Filters.knownLanguages();
    for (var each : list("data.filter.languages")) {
      if (!known.contains(each))
        refuse(
            "data.filter.languages",
            "has " + Problems.echo(each) + "; known: " + String.join(", ", known));
    }
  }

  private void quality() {
    boolean judged = spec.wasWritten("data.quality.judge");
    if (number("data.quality.cut_percent") > 0 && !judged)
      refuse("data.quality.cut_percent", "cuts by scores, and data.quality.judge names no judge");
    if (spec.is("data.quality.flag_by_loss", "true") && judged)
      refuse("data.quality.flag_by_loss", "is for where there is no judge; leave one of them out");
  }

  private static boolean isModel(String folder) {
    return RemoteFile.isRemote(folder)
        || Files.isRegularFile(Path.of(folder).resolve("config.json"));
  }

  private void lengths() {
    double max = atMost("data.max_length");
    if (number("data.max_tokens") > max) {
      refuse(
          "data.max_tokens",
          "is "
              + show("data.max_tokens")
              + ", but the trainer sees no more than max_length, "
              + show("data.max_length")
              + "; lower the one or raise the other");
    }
    double most = Math.min(max, atMost("data.max_tokens"));
    if (number("data.min_tokens") >= most) {
      refuse(
          "data.min_tokens",
          "is "
              + show("data.min_tokens")
              + ", not below the longest row that is kept, "
              + Values.show(most)
              + "; no row would be left");
    }
  }

  private void mapping() {
    var format = spec.word("data.format");
    if (format.equals("messages"))
      unwanted("data.mapping", "data.format is messages, which names its own fields; leave it out");
    if (spec.at("data.mapping.prompt").isPresent()
        && spec.is("data.mapping.completion", spec.word("data.mapping.prompt"))) {
      refuse(
          "data.mapping.completion",
          "is "
              + quoted("data.mapping.completion")
              + ", the field of the prompt too; name the field with the answer");
    }
    spec.at("data.batch_by")
        .filter(
            field ->
                spec.is("data.mapping.prompt", field.asText())
                    || spec.is("data.mapping.completion", field.asText()))
        .ifPresent(
            field ->
                refuse(
                    "data.batch_by",
                    "is "
                        + quoted("data.batch_by")
                        + ", a field that is learned from; name the field that says which export or annotator a row came from"));
  }

  private void method() {
    var tuning = spec.word("method.tuning");
    if (tuning.equals("full"))
      unwanted("method.lora", "method.tuning is full; leave it out, or write tuning: lora");
    if (number("method.lora.r") > policy.maxLoraRank()) {
      refuse(
          "method.lora.r",
          "is "
              + show("method.lora.r")
              + "; at most "
              + policy.maxLoraRank()
              + ", the largest that the model servers load; 16 is a good start");
    }
    var targets = list("method.lora.target_modules");
    if (targets.size() > 1 && targets.contains("all-linear")) {
      refuse(
          "method.lora.target_modules",
          "has all-linear and others; all-linear has them all already");
    }
    if (spec.is("merge.base_precision", "dequantized_nf4")
        && !tuning.isEmpty()
        && !tuning.equals("qlora")) {
      refuse(
          "merge.base_precision",
          "is dequantized_nf4, but method.tuning is "
              + tuning
              + ", which trains on no 4-bit base; write source");
    }
  }

  private void learning() {
    boolean full = spec.is("method.tuning", "full");
    double most = full ? policy.maxLearningRate() / 10 : policy.maxLearningRate();
    if (number("train.learning_rate") > most) {
      refuse(
          "train.learning_rate",
          "is "
              + show("train.learning_rate")
              + "; at most "
              + Values.show(most)
              + " for "
              + spec.word("method.tuning")
              + "; "
              + (full ? "2e-5" : "2e-4")
              + " is a good start");
    }
    if (spec.is("train.early_stopping.enabled", "true")
        && number("train.eval_every_steps") > atMost("train.max_steps")) {
      refuse(
          "train.eval_every_steps",
          "is "
              + show("train.eval_every_steps")
              + ", more than max_steps, "
              + show("train.max_steps")
              + ": the dev loss would never be looked at; lower it");
    }
  }

  private void batches() {
    double global = number("train.global_batch_size");
    double micro = number("train.micro_batch_size");
    if (global > 0 && micro > 0 && global % micro != 0) {
      refuse(
          "train.micro_batch_size",
          "is "
              + show("train.micro_batch_size")
              + ", which does not divide global_batch_size, "
              + show("train.global_batch_size")
              + "; take a divisor, or auto");
    }
  }

  private void times() {
    notAbove(
        "checkpoint.min_interval", "checkpoint.every", "no checkpoint would ever be due in time");
    notAbove("capacity.grace", "capacity.lease", "a trainer that stops would outlive its lease");
  }

  private void notAbove(String lower, String upper, String otherwise) {
    if (spec.at(lower).isEmpty() || spec.at(upper).isEmpty()) return;
    var low = Duration.parse(spec.word(lower));
    var high = Duration.parse(spec.word(upper));
    if (low.compareTo(high) <= 0) return;
    var at = spec.wasWritten(lower) ? lower : upper;
    refuse(
        at,
        "makes "
            + lower
            + " ("
            + Values.show(low)
            + ") longer than "
            + upper
            + " ("
            + Values.show(high)
            + "): "
            + otherwise);
  }

  private void serving() {
    if (spec.is("deploy.engine", "none") && spec.is("deploy.enabled", "true")) {
      refuse(
          "deploy.engine",
          "is none, but deploy.enabled is true; write enabled: false, or take vllm");
    }
    var scheme = spec.word("quantize.scheme");
    boolean shrinks = !Set.of("", "auto", "none").contains(scheme);
    if (spec.is("deploy.engine", "transformers") && shrinks) {
      refuse(
          "quantize.scheme",
          "is "
              + scheme
              + ", which the engine transformers does not serve; write none, or take the engine vllm");
    }
    if (spec.is("deploy.target", "cpu") && scheme.equals("fp8_dynamic")) {
      refuse(
          "quantize.scheme",
          "is fp8_dynamic, which vLLM does not serve on a CPU; w8a8 is the choice there");
    }
    if (number("evaluate.max_tokens") >= atMost("deploy.max_model_len")) {
      refuse(
          "deploy.max_model_len",
          "is "
              + show("deploy.max_model_len")
              + ", no more than the answer alone may have (evaluate.max_tokens is "
              + show("evaluate.max_tokens")
              + "); raise it");
    }
  }

  private void reach() {
    var seen = new HashSet<String>();
    for (var pool : list("capacity.pools")) {
      if (!policy.pools().contains(pool))
        refuse(
            "capacity.pools",
            "has "
                + Problems.echo(pool)
                + "; known: "
                + String.join(", ", policy.pools())
                + elsewhere());
      if (!seen.add(pool))
        refuse("capacity.pools", "has " + Problems.echo(pool) + " twice; keep one");
    }
    policy.unavailable().forEach((path, reason) -> unwanted(path, reason + "; leave it out"));
  }

  private String elsewhere() {
    return policy.poolsFile().isEmpty()
        ? ""
        : "; others are named in %s, as `pools: {lab: {provider: static}}`"
            .formatted(policy.poolsFile());
  }

  private void needs(String path, String what) {
    if (spec.at(path).isEmpty() && !spec.wasWritten(path)) {
      refuse(path, "is missing, with model.source " + spec.word("model.source") + "; " + what);
    }
  }

  private void unwanted(String path, String why) {
    if (spec.wasWritten(path)) refuse(path, "is given, but " + why);
  }

  private void refuse(String path, String text) {
    problems.add(path, spec.line(path), text);
  }

  private String quoted(String path) {
    return Problems.echo(spec.word(path));
  }

  private String show(String path) {
    return Values.show(number(path));
  }

  /** The number, or 0 where there is none. */
  private double number(String path) {
    return spec.at(path).map(JsonNode::asDouble).orElse(0.0);
  }

  /** The number, or infinity where there is none. */
  private double atMost(String path) {
    return spec.at(path).map(JsonNode::asDouble).orElse(Double.POSITIVE_INFINITY);
  }

  private List<String> list(String path) {
    return spec.at(path)
        .map(l -> StreamSupport.stream(l.spliterator(), false).map(JsonNode::asText).toList())
        .orElse(List.of());
  }
}
