package io.fettle.activities.data;

import io.fettle.activities.data.judge.OpenAiJudge;
import io.fettle.activities.disks.Scratch;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.data.dvc.DvcPointer.UnusablePointer;
import io.fettle.data.prepare.Grading;
import io.fettle.data.prepare.Means;
import io.fettle.data.prepare.Part;
import io.fettle.data.prepare.Preparation;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.PrepareReport;
import io.fettle.data.prepare.RefusedRows;
import io.fettle.data.quality.Judge;
import io.fettle.data.read.RowFolder;
import io.fettle.data.read.UnreadableFile;
import io.fettle.data.report.PreparedPage;
import io.fettle.data.row.Tally;
import io.fettle.data.version.Code;
import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetWriter;
import io.fettle.workflows.data.DataActivities;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.data.PrepareJob;
import io.fettle.workflows.data.Subsets;
import io.fettle.workflows.data.SubsetsJob;
import io.fettle.workflows.spec.DataSpec;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.Activity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares a dataset in a folder of its own and puts it into the store as one tree. */
final class Prepare implements DataActivities {
  private static final Logger log = LoggerFactory.getLogger(Prepare.class);
  private static final int SHOWN = 5;

  /** For people; what machines read is {@code report.json}. */
  private static final String TREE = "tree";

  private static final String PAGE = "report.html";

  /** Raised when the engine would make another dataset of the same inputs. */
  private static final int ENGINE = 4;

  private final ObjectStore store;
  private final StepCache steps;
  private final Environments environments;
  private final DataOptions options;

  Prepare(ObjectStore store, StepCache steps, Environments environments, DataOptions options) {
    this.store = store;
    this.steps = steps;
    this.environments = environments;
    this.options = options;
  }

  private record KeyInputs(
      int engine, Inputs inputs, String baseModel, @Nullable String template, String salt) {
    KeyInputs beforeCut() {
      return new KeyInputs(engine, inputs.beforeCut(), baseModel, template, salt);
    }
  }

  /**
   * What is prepared.
   *
   * @param scores the key under which others score the rows
   */
  private record Task(
      PrepareJob job, Spec spec, Rows rows, @Nullable String template, StepKey scores) {
    Inputs.Files files() {
      return rows.files();
    }
  }

  /** What is read: as it is named, and as it was when the step began. */
  private record Rows(RowList list, Inputs.Files files) {}

  @Override
  public Dataset prepare(PrepareJob job) {
    return Beat.during(beat -> prepare(job, beat));
  }

  @Override
  public Subsets subsets(SubsetsJob job) {
    return Beat.during(beat -> new TrainSubsets(store, options).of(job, beat));
  }

  private Dataset prepare(PrepareJob job, Beat beat) throws Exception {
    try {
      return prepared(job, beat);
    } catch (UnreadableFile | RefusedRows | RowFolder.Refused | UnusablePointer e) {
      throw FailureType.BAD_DATA.failure(String.valueOf(e.getMessage()));
    } catch (Judge.Unusable e) {
      throw FailureType.BAD_CONFIG.failure(String.valueOf(e.getMessage()));
    } catch (NoSuchFileException e) {
      throw FailureType.BAD_DATA.failure(
          "the data file %s is gone; put it back, or correct data.train, data.test and data.benchmarks%s"
              .formatted(
                  e.getFile(),
                  RemoteFile.isRemote(String.valueOf(e.getFile()))
                      ? ": a folder's address ends with a slash"
                      : ""));
    }
  }

  private Dataset prepared(PrepareJob job, Beat beat) throws Exception {
    var spec = Wire.mapper().readValue(store.read(job.spec()), Spec.class);
    beat.says("list", 0);
    var frozen = FrozenList.of(spec.data(), options.access(), store, execution(job));
    var benchmarks = spec.data().benchmarks();
    beat.says("fetch", 0);
    try (var here =
        frozen
            .list()
            .fetched(
                benchmarks.stream().map(DataSpec.Benchmark::file).toList(),
                options.access(),
                options.work())) {
      beat.says("hash", 0);
      var files = Inputs.Files.of(frozen.list(), benchmarks, here);
      frozen.settle(files.listed());
      return prepared(job, spec, new Rows(frozen.list(), files), beat);
    }
  }

  private static String execution(PrepareJob job) {
    String execution = Activity.getExecutionContext().getInfo().getWorkflowRunId();
    return "runs/%s/executions/%s".formatted(job.run(), execution);
  }

  private Dataset prepared(PrepareJob job, Spec spec, Rows rows, Beat beat) throws Exception {
    String template = template(spec);
    var inputs =
        new KeyInputs(
            ENGINE, Inputs.of(spec, rows.files()), job.baseModel().sha256(), template, job.salt());
    String lock = environments.lockHash(Renderer.ENVIRONMENT);
    var scores = StepKey.of("scores", inputs.beforeCut(), lock);
    StepCache.Result<Dataset> result =
        steps.once(
            StepKey.of("prepare", inputs, lock),
            Dataset.class,
            () -> made(new Task(job, spec, rows, template, scores), beat),
            _ -> beat.says("wait", 0));
    Dataset dataset = result.value();
    log.info(
        "dataset {}: train {}, dev {}, test {} of {} rows read{}",
        dataset.hash(),
        dataset.train(),
        dataset.dev(),
        dataset.test(),
        dataset.read(),
        result.reused() ? ", reused" : "");
    return withReused(dataset, result.reused());
  }

  /** The text that stands in for the model's own chat template, or null. */
  private static @Nullable String template(Spec spec) throws IOException {
    String file = spec.model().chatTemplate();
    return file == null ? null : Files.readString(Path.of(file));
  }

  private Dataset made(Task task, Beat beat) throws Exception {
    try (var scratch = Scratch.in(options.work(), "prepare");
        var judge = Graders.judge(task.spec().data(), options.secrets())) {
      Path work = scratch.folder();
      Path model = work.resolve("model");
      Staging.stageTree(store, task.job().baseModel(), options.cache(), model);
      Path rendering = Files.createDirectories(work.resolve("render"));
      var renderer = new Renderer(environments, model, task.template(), rendering, beat);
      PrepareReport report = written(task, new Used(model, judge, renderer), work, beat);
      beat.says("upload", report.read());
      return dataset(report, Staging.uploadTree(store, work.resolve(TREE), ObjectStore.OBJECTS));
    }
  }

  /** Who looks at the rows. */
  private record Used(Path model, @Nullable OpenAiJudge judge, Renderer renderer) {}

  /** The dataset's folder: rows, manifest, and what is told of them. */
  private PrepareReport written(Task task, Used used, Path work, Beat beat)
      throws IOException, InterruptedException {
    Path tree = work.resolve(TREE);
    Path inputs = Files.createDirectories(work.resolve("inputs"));
    PrepareOptions asked = Inputs.options(task.spec(), task.files(), inputs);
    var renderer = used.renderer();
    try (var rows =
        DatasetWriter.openNamed(tree, Part.words(), Part.TRAIN.word(), options.shardBytes())) {
      var means = Means.counting(renderer).with(grading(task, used.judge(), used.model(), tree));
      PrepareReport report = Preparation.run(asked, means, work, rows, beat::says);
      refuseTooLittle(report);
      Files.move(work.resolve(Preparation.CLUSTERS), tree.resolve(Preparation.CLUSTERS));
      var manifest = rows.finish(origin(asked, task, used, report));
      var tokens = Examples.chosen(renderer.tokens(), tree, manifest);
      var stored =
          new DatasetReport(DatasetReport.FORMAT, report, tokens, task.rows().list().folders());
      Files.write(tree.resolve("report.json"), Wire.mapper().writeValueAsBytes(stored));
      var rules = Inputs.of(task.spec(), task.files()).rules();
      var story = Stories.of(task.spec().name(), stored, rules, manifest, tree);
      Files.writeString(tree.resolve(PAGE), PreparedPage.render(story));
      TrainShards.index(tree, manifest.part(Part.TRAIN.word()));
      return report;
    }
  }

  private static Origin origin(PrepareOptions asked, Task task, Used used, PrepareReport report) {
    var recipe = asked.recipe();
    var quality = task.spec().data().quality();
    if (used.judge() != null && quality != null) {
      var column = used.judge().column();
      recipe.put("cut_percent", quality.cutPercent());
      recipe.put("judge", column.model());
      recipe.put("judge_prompt", column.prompt());
    }
    var tokens = used.renderer().tokens();
    return new Origin(
        task.files().listed(),
        DatasetManifest.Stage.of(report.stages()),
        recipe,
        Code.version(),
        tokens.tokenizerSha256(),
        tokens.templateSha256(),
        task.files().parent());
  }

  private Optional<Grading> grading(Task task, @Nullable OpenAiJudge judge, Path model, Path tree)
      throws IOException {
    var quality = task.spec().data().quality();
    if (quality == null || (judge == null && !quality.flagByLoss())) {
      return Optional.empty();
    }
    Path columns = Files.createDirectories(tree.resolve("quality"));
    if (judge == null) {
      Path work = Files.createDirectories(tree.resolveSibling("losses"));
      int longest = Inputs.of(task.spec(), task.files()).rules().maxTokens();
      var asked = new LossGrading.Asked(task.scores(), model, task.template(), longest);
      return Optional.of(
          new LossGrading(
              store, steps, environments, asked, work, columns.resolve("losses.jsonl")));
    }
    int concurrency = Graders.concurrency(task.spec().data());
    var asked =
        new JudgeGrading.Asked(
            task.scores(), judge, concurrency, quality.cutPercent(), execution(task.job()));
    return Optional.of(
        new JudgeGrading(
            store,
            steps,
            asked,
            options.work().resolve("scores"),
            columns.resolve("scores.jsonl")));
  }

  /** The message holds counts and row numbers; the rows themselves stay where they are. */
  private static void refuseTooLittle(PrepareReport report) {
    String problem = report.problem().orElse("");
    if (!problem.isEmpty()) {
      throw FailureType.BAD_DATA.failure(
          problem + "; add rows or ask for smaller parts" + dropped(report));
    }
  }

  private static String dropped(PrepareReport report) {
    var told = new StringBuilder();
    for (Tally.Counts.Drop drop : drops(report)) {
      told.append(
          "; %d dropped because a row %s (%s%s)"
              .formatted(
                  drop.rows(),
                  drop.reason().meaning(),
                  String.join(
                      ", ", drop.samples().subList(0, Math.min(SHOWN, drop.samples().size()))),
                  drop.rows() > SHOWN ? ", ..." : ""));
    }
    return told.toString();
  }

  private static List<Tally.Counts.Drop> drops(PrepareReport report) {
    return report.stages().stream().flatMap(stage -> stage.drops().stream()).toList();
  }

  private static Dataset dataset(PrepareReport report, Reference tree) {
    int longest =
        report.parts().stream().mapToInt(PrepareReport.PartReport::longestTokens).max().orElse(0);
    return new Dataset(
        tree,
        report.hash(),
        Math.toIntExact(report.read()),
        report.part(Part.TRAIN).rows(),
        report.part(Part.DEV).rows(),
        report.part(Part.TEST).rows(),
        longest,
        drops(report).stream()
            .map(drop -> new Dataset.Drop(drop.reason().key(), Math.toIntExact(drop.rows())))
            .toList(),
        false);
  }

  private static Dataset withReused(Dataset dataset, boolean reused) {
    return new Dataset(
        dataset.tree(),
        dataset.hash(),
        dataset.read(),
        dataset.train(),
        dataset.dev(),
        dataset.test(),
        dataset.longestTokens(),
        dataset.drops(),
        reused);
  }
}
