package io.fettle.activities.data;

import io.fettle.activities.data.judge.JudgeOptions;
import io.fettle.activities.data.judge.OpenAiJudge;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.data.prepare.Preparation.Progress;
import io.fettle.workflows.spec.DataSpec;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What gradings share. */
final class Graders {
  private static final int CONCURRENCY = 8;

  private Graders() {}

  /** The judge of a spec, with the usual patience. */
  static JudgeOptions options(DataSpec.Judge judge) {
    return JudgeOptions.of(
        URI.create(judge.url()),
        judge.model(),
        Optional.ofNullable(judge.apiKey()),
        Optional.ofNullable(judge.rubric()));
  }

  /**
   * That judge, or null where there is none.
   *
   * @throws io.fettle.data.quality.Judge.Unusable where its key has no value here
   */
  static @Nullable OpenAiJudge judge(DataSpec data, Function<String, Optional<String>> secrets)
      throws IOException {
    var judge = named(data);
    return judge == null ? null : OpenAiJudge.open(options(judge), secrets);
  }

  /** How many rows a judge is asked about at once. */
  static int concurrency(DataSpec data) {
    var judge = named(data);
    return judge == null
        ? CONCURRENCY
        : Objects.requireNonNullElse(judge.concurrency(), CONCURRENCY);
  }

  private static DataSpec.@Nullable Judge named(DataSpec data) {
    return data.quality() == null ? null : data.quality().judge();
  }

  /** Does a part of the step as a step of its own, whose record other prepares find. */
  static <T> T once(
      StepCache steps, StepKey key, Class<T> type, StepCache.Body<T> body, Progress progress)
      throws IOException, InterruptedException {
    try {
      return steps.once(key, type, body, _ -> progress.rows("wait", 0)).value();
    } catch (IOException | InterruptedException | RuntimeException failure) {
      throw failure;
    } catch (Exception other) {
      throw new IllegalStateException("the body throws no other", other);
    }
  }
}
