package io.fettle.activities.evaluation.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.evaluation.retrieval.Passages.By;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassagesTest {
  private static final List<Passage> CORPUS =
      passages(
          "The cat sat on the mat and purred.",
          "Error code ZX-81 means that the printer is out of paper.",
          "Our office is closed on public holidays.",
          "To get your money back, send the form within thirty days.");

  private static Embeddings embeddings;

  @TempDir private Path folder;

  @BeforeAll
  static void load() throws IOException {
    embeddings = Embeddings.open();
  }

  @AfterAll
  static void close() {
    embeddings.close();
  }

  @Test
  void a_text_has_a_vector_of_length_one_whatever_is_embedded_beside_it() throws Exception {
    float[] alone = embeddings.of("refund");
    List<float[]> beside =
        embeddings.all(List.of("a long sentence about the sea", "refund"), _ -> {});

    assertThat(beside.get(1)).containsExactly(alone);
    assertThat(dot(alone, alone)).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
    assertThat(dot(alone, embeddings.of("I want my money back")))
        .isGreaterThan(dot(alone, beside.get(0)) + 0.2);
  }

  @Test
  void rare_words_are_found_by_words_and_paraphrases_by_meaning() throws Exception {
    try (var words = open(CORPUS, By.BM25);
        var meaning = open(CORPUS, By.EMBEDDINGS)) {
      assertThat(words.nearest("what is zx-81", 1)).extracting(Passage::id).containsExactly("1");
      assertThat(words.nearest("reimbursement deadline", 1)).isEmpty();
      assertThat(meaning.nearest("how do I claim a refund", 1))
          .extracting(Passage::id)
          .containsExactly("3");
    }
  }

  @Test
  void both_finds_what_either_finds() throws Exception {
    try (var both = open(CORPUS, By.BOTH)) {
      assertThat(both.nearest("what is zx-81", 1)).extracting(Passage::id).containsExactly("1");
      assertThat(both.nearest("how do I claim a refund", 2)).extracting(Passage::id).contains("3");
      assertThat(both.nearest("anything", 10)).hasSize(4);
    }
  }

  @Test
  void an_index_is_built_once_and_two_that_race_for_it_share_one() throws Exception {
    AtomicLong embedded = new AtomicLong();
    for (int i = 0; i < 2; i++) {
      try (var passages = Passages.open(folder, CORPUS, By.EMBEDDINGS, embeddings, embedded::set)) {
        assertThat(passages.size()).isEqualTo(4);
      }
    }
    List<Thread> racing = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      racing.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (var both = open(CORPUS, By.BOTH)) {
                      assertThat(both.nearest("zx-81", 1)).hasSize(1);
                    } catch (Exception | AssertionError e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread thread : racing) {
      thread.join();
    }

    assertThat(failures).isEmpty();
    try (Stream<Path> indexes = Files.list(folder)) {
      assertThat(indexes).hasSize(2);
    }
  }

  @Test
  void an_index_that_nobody_used_for_long_is_deleted_when_another_is_built() throws Exception {
    open(CORPUS, By.BM25).close();
    Path old;
    try (Stream<Path> indexes = Files.list(folder)) {
      old = indexes.findFirst().orElseThrow();
    }
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(31))));

    open(CORPUS.subList(0, 2), By.BM25).close();

    assertThat(old).doesNotExist();
    try (Stream<Path> indexes = Files.list(folder)) {
      assertThat(indexes).hasSize(1);
    }
  }

  @Test
  void equal_scores_come_in_the_order_of_the_passages_also_when_there_are_many() throws Exception {
    List<Passage> many =
        IntStream.range(0, 500)
            .mapToObj(i -> new Passage("p" + i, "number " + i % 7, "", ""))
            .toList();
    try (var passages = open(many, By.BM25)) {
      assertThat(passages.nearest("number 3", 3))
          .extracting(Passage::id)
          .containsExactly("p3", "p10", "p17");
    }
  }

  private Passages open(List<Passage> passages, By by) throws Exception {
    return Passages.open(folder, passages, by, embeddings, _ -> {});
  }

  private static List<Passage> passages(String... texts) {
    return IntStream.range(0, texts.length)
        .mapToObj(i -> new Passage(String.valueOf(i), texts[i], texts[i], ""))
        .toList();
  }

  private static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
