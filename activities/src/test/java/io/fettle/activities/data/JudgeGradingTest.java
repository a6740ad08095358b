package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.data.JudgeServer.Reply;
import io.fettle.activities.data.judge.JudgeOptions;
import io.fettle.activities.data.judge.OpenAiJudge;
import io.fettle.activities.disks.Folders;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.data.prepare.Grading;
import io.fettle.data.prepare.Means;
import io.fettle.data.prepare.Part;
import io.fettle.data.prepare.Preparation;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.PrepareReport;
import io.fettle.data.prepare.Share;
import io.fettle.data.prepare.TokenCounter;
import io.fettle.data.quality.Judge;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The prepare step's part that asks, over a store, against a server on a socket. */
class JudgeGradingTest {
  private static final int ROWS = 120;

  @TempDir Path folder;
  private JudgeServer server;
  private ObjectStore store;
  private StepCache steps;
  private int runs;

  /** What one prepare did. */
  record Made(PrepareReport report, Path tree) {
    String scores() throws IOException {
      return Files.readString(tree.resolve("scores.jsonl"));
    }
  }

  @BeforeEach
  void open() throws IOException {
    server = new JudgeServer();
    server.answers(JudgeGradingTest::fair);
    anotherStore("store");
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    steps.close();
    store.close();
  }

  private void anotherStore(String name) throws IOException {
    store = Stores.open(folder.resolve(name).toUri());
    steps = new StepCache(store, "test");
  }

  // --- Judges

  /** A row's number, modulo 5. */
  private static Reply fair(String row) {
    return new Reply(200, Integer.toString(1 + number(row) % 5));
  }

  private static int number(String row) {
    return Integer.parseInt(row.replaceAll("(?s).*number (\\d+) .*", "$1"));
  }

  /** Fails at so many first requests of some rows, then is fair. */
  private static Function<String, Reply> shaky() {
    var tries = new ConcurrentHashMap<String, AtomicInteger>();
    return row -> {
      int count = tries.computeIfAbsent(row, _ -> new AtomicInteger()).getAndIncrement();
      if (number(row) % 7 == 0 && count < 2) {
        return new Reply(count == 0 ? 429 : 500, "wait");
      }
      return number(row) == 33 ? new Reply(200, "I would rather not say") : fair(row);
    };
  }

  // --- Prepares

  private Made prepared(int rows, double cut) throws Exception {
    return prepared(rows, cut, folder.resolve("work"), 4, 2);
  }

  private Made prepared(int rows, double cut, Path work, int concurrency, int threads)
      throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree-" + runs++));
    var options =
        new JudgeOptions(
            URI.create(server.url()),
            "judge-1",
            Optional.empty(),
            "5: good",
            4,
            Duration.ofMillis(1),
            Duration.ofSeconds(20));
    try (var judge = OpenAiJudge.open(options, _ -> Optional.empty())) {
      var key = StepKey.of("scores", Map.of("rows", rows, "judge", judge.column()), "");
      var grading =
          new JudgeGrading(
              store,
              steps,
              new JudgeGrading.Asked(key, judge, concurrency, cut, "runs/r/executions/e"),
              work,
              tree.resolve("scores.jsonl"));
      return new Made(prepared(options(rows, threads), grading, tree), tree);
    }
  }

  private static PrepareReport prepared(PrepareOptions options, Grading grading, Path tree)
      throws IOException, InterruptedException {
    var means = Means.counting(TokenCounter.none()).with(Optional.of(grading));
    try (var out = DatasetWriter.openNamed(tree, Part.words(), "train", Long.MAX_VALUE)) {
      var report = Preparation.run(options, means, tree, out, (_, _) -> {});
      out.finish(new Origin(List.of(), List.of(), options.recipe(), "", "", "", ""));
      return report;
    }
  }

  private PrepareOptions options(int rows, int threads) throws IOException {
    Path file = folder.resolve("rows-%d.jsonl".formatted(rows));
    Files.write(
        file,
        IntStream.range(0, rows)
            .mapToObj(
                i ->
                    "{\"prompt\": \"what is number %d in the secret list\", \"completion\": \"it is %d\"}"
                        .formatted(i, i * i))
            .toList());
    return new PrepareOptions(
        List.of(new Source(file, "rows", Format.PROMPT_COMPLETION_JSONL, FieldMapping.usual())),
        List.of(),
        List.of(),
        PrepareOptions.Duplicates.EXACT,
        PrepareOptions.Cleaning.none(),
        0,
        Integer.MAX_VALUE,
        new Share.Fraction(0.1),
        new Share.Fraction(0.1),
        17,
        threads);
  }

  private static long dropped(Made made) {
    return made.report().stages().stream()
        .filter(stage -> stage.stage().equals("quality"))
        .mapToLong(stage -> stage.seen() - stage.kept())
        .sum();
  }

  // --- Tests

  @Test
  void a_shaky_judge_is_asked_again_and_what_is_no_score_leaves_its_row() throws Exception {
    server.answers(shaky());

    var made = prepared(ROWS, 20);

    var judged = made.report().quality().judged().orElseThrow();
    assertThat(judged.model()).isEqualTo("judge-1");
    assertThat(judged.prompt()).hasSize(64);
    assertThat(judged.failed()).isZero();
    assertThat(judged.sources().getFirst().withoutScore()).isEqualTo(1);
    assertThat(dropped(made)).as("the 24 of 119 scored rows that have a 1 are too many").isZero();
    assertThat(dropped(prepared(ROWS, 21))).isEqualTo(24);
    assertThat(server.asked()).hasSize(ROWS + 2 * 18);
    assertThat(made.scores()).hasLineCount(ROWS - 1).doesNotContain("secret");
  }

  @Test
  void another_cut_asks_nothing_on_whichever_machine() throws Exception {
    server.answers(shaky());
    var first = prepared(ROWS, 0);
    int asked = server.asked().size();

    var second = prepared(ROWS, 25, folder.resolve("other-machine"), 8, 1);

    assertThat(server.asked()).hasSize(asked);
    assertThat(dropped(first)).isZero();
    assertThat(dropped(second)).isEqualTo(24);
    assertThat(second.scores()).isEqualTo(first.scores());
  }

  @Test
  void a_prepare_that_ended_half_way_asks_for_what_is_missing_alone() throws Exception {
    var left = new AtomicInteger(70);
    server.answers(row -> left.getAndDecrement() > 0 ? fair(row) : new Reply(401, "pay first "));
    assertThatThrownBy(() -> prepared(ROWS, 20)).isInstanceOf(Judge.Unusable.class);
    var before = server.asked();
    server.answers(JudgeGradingTest::fair);

    prepared(ROWS, 20, folder.resolve("other-machine"), 4, 2);

    var after = server.asked().subList(before.size(), server.asked().size());
    assertThat(after).hasSize(ROWS - 70).doesNotHaveDuplicates();
    assertThat(new HashSet<>(server.asked())).hasSize(ROWS);
  }

  @Test
  void what_a_killed_prepare_left_on_its_disk_is_enough() throws Exception {
    var left = new AtomicInteger(70);
    server.answers(row -> left.getAndDecrement() > 0 ? fair(row) : new Reply(401, "pay first "));
    assertThatThrownBy(() -> prepared(ROWS, 20)).isInstanceOf(Judge.Unusable.class);
    int before = server.asked().size();
    Folders.delete(folder.resolve("store"));
    anotherStore("store-without-a-score");
    server.answers(JudgeGradingTest::fair);

    prepared(ROWS, 20);

    assertThat(server.asked()).hasSize(before + ROWS - 70);
    assertThat(folder.resolve("work")).as("nothing is left behind").isEmptyDirectory();
  }

  @Test
  void the_execution_that_asks_names_what_its_judge_said() throws Exception {
    prepared(ROWS, 10);

    var named =
        new String(
            store.find("runs/r/executions/e/scores.json").orElseThrow(), StandardCharsets.UTF_8);
    assertThat(store.list(ObjectStore.SCORES + "/"))
        .isNotEmpty()
        .allSatisfy(part -> assertThat(named).contains(Path.of(part.key()).getName(1).toString()));
  }

  @Test
  void rows_that_are_added_are_asked_about_alone() throws Exception {
    prepared(ROWS, 10);

    prepared(ROWS + 5, 10);

    assertThat(server.asked()).hasSize(ROWS + 5).doesNotHaveDuplicates();
  }

  @Test
  void the_dataset_is_the_same_whatever_answers_first() throws Exception {
    var one = prepared(ROWS, 20, folder.resolve("one"), 1, 1);
    for (int concurrency : new int[] {3, 16}) {
      anotherStore("store-" + concurrency);
      var other = prepared(ROWS, 20, folder.resolve("work-" + concurrency), concurrency, 3);

      assertThat(other.report()).isEqualTo(one.report());
      assertThat(other.scores()).isEqualTo(one.scores());
    }
    assertThat(dropped(one)).isEqualTo(24);
    assertThat(server.asked()).hasSize(3 * ROWS);
  }

  @Test
  void a_judge_that_takes_no_row_ends_it_with_counts_and_without_a_rows_text() {
    server.answers(_ -> new Reply(400, "cannot take the secret row "));

    assertThatThrownBy(() -> prepared(ROWS, 20))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the judge gave no score for 2")
        .hasMessageContaining("answered 400 after 1 attempts (no_luck)")
        .hasMessageNotContaining("secret");
    assertThat(server.asked()).hasSizeLessThan(ROWS / 2);
  }

  @Test
  void some_rows_that_it_does_not_take_stay_and_are_counted() throws Exception {
    server.answers(row -> number(row) % 10 == 0 ? new Reply(413, "too long ") : fair(row));

    var judged = prepared(ROWS, 25).report().quality().judged().orElseThrow();

    assertThat(judged.failed()).isEqualTo(12);
    assertThat(judged.sources().getFirst().withoutScore()).isEqualTo(12);
    assertThat(judged.sources().getFirst().levels())
        .extracting(level -> level.rows() + (level.cut() ? " cut" : ""))
        .containsExactly("12 cut", "24", "24", "24", "24");
    assertThat(stored()).noneMatch(text -> text.contains("secret"));
  }

  /** Every object of the store, as text. */
  private List<String> stored() throws IOException {
    return store.list("").stream()
        .map(object -> new String(bytes(object.key()), StandardCharsets.UTF_8))
        .toList();
  }

  private byte[] bytes(String key) {
    try {
      return store.find(key).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
