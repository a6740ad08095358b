package io.fettle.activities.evaluation.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.evaluation.series.Place.Change;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesTest {
  private static final String STRICT = "{\"margin\": 0.05, \"limits\": {\"maxP95Seconds\": 2.0}}";
  private static final String LAX = "{\"margin\": 0.1}";
  private static final String ROWS = "a".repeat(64);

  @TempDir private Path folder;
  private ObjectStore store;
  private int entered;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.toUri());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void the_first_run_opens_its_series_and_the_next_with_its_criteria_joins_it() throws IOException {
    Place first = enter("one", STRICT, ROWS);
    Place second = enter("two", STRICT, ROWS);

    assertThat(first.opened()).isTrue();
    assertThat(first.said()).isEmpty();
    assertThat(second.opened()).isFalse();
    assertThat(second.openedBy()).isEqualTo("one");
    assertThat(second.runs()).containsExactly("one");
    assertThat(second.said()).isEmpty();
  }

  @Test
  void changed_criteria_open_a_new_series_and_say_what_changed_field_by_field() throws IOException {
    Place _ = enter("one", STRICT, ROWS);
    Place _ = enter("two", STRICT, ROWS);

    Place changed = enter("three", LAX, ROWS);

    assertThat(changed.opened()).isTrue();
    assertThat(changed.apart()).containsExactly("one", "two");
    assertThat(changed.changes())
        .containsExactly(
            new Change("limits.maxP95Seconds", "2.0", "none"), new Change("margin", "0.05", "0.1"));
    assertThat(changed.said())
        .containsExactly(
            "new series: criteria changed (limits.maxP95Seconds: 2.0 -> none, margin: 0.05 -> 0.1);"
                + " results of one, two are of another series and are not compared");
  }

  @Test
  void a_run_is_told_the_same_again_whatever_came_meanwhile() throws IOException {
    Place _ = enter("one", STRICT, ROWS);
    Place first = enter("two", LAX, ROWS);
    Place _ = enter("three", STRICT, ROWS);

    Place again = enter("two", LAX, ROWS);

    assertThat(again.opened()).isTrue();
    assertThat(again.changes()).isEqualTo(first.changes());
  }

  @Test
  void a_later_execution_of_a_run_is_its_newer_result() throws IOException {
    Place _ = enter("one", STRICT, ROWS);
    Place _ = enter("two", LAX, ROWS);

    Place again = enter("one", "later", STRICT, "b".repeat(64));

    assertThat(again.previous()).isNotEmpty();
    Place next = enter("three", STRICT, ROWS);
    assertThat(next.previous()).isEmpty();
    assertThat(next.otherItems()).containsExactly("one");
  }

  @Test
  void who_only_looks_is_told_and_is_no_result() throws IOException {
    Place _ = enter("one", STRICT, ROWS);

    Place looked = Series.look(store, new Series.Entry("triage", "two", "", blob(LAX), ROWS));

    assertThat(looked.said().getFirst()).startsWith("new series: criteria changed (");
    assertThat(store.list("series/triage/")).hasSize(2);
    assertThat(enter("three", STRICT, ROWS).said()).isEmpty();
  }

  @Test
  void who_goes_back_to_older_criteria_is_compared_with_their_runs_alone() throws IOException {
    Place _ = enter("one", STRICT, ROWS);
    Place _ = enter("two", LAX, ROWS);

    Place back = enter("three", STRICT, ROWS);

    assertThat(back.opened()).isFalse();
    assertThat(back.runs()).containsExactly("one");
    assertThat(back.said().getFirst())
        .startsWith("back in the series that one opened: criteria changed (")
        .contains("margin: 0.1 -> 0.05", "results of two are of another series");
  }

  @Test
  void runs_of_one_series_that_answered_other_test_rows_are_named() throws IOException {
    Place _ = enter("one", STRICT, ROWS);
    Place other = enter("two", STRICT, "b".repeat(64));

    assertThat(other.otherItems()).containsExactly("one");
    assertThat(other.said().getFirst()).startsWith("the test rows are others than those of one");
  }

  @Test
  void a_spec_of_another_name_is_another_matter() throws IOException {
    Place _ = enter("one", STRICT, ROWS);

    assertThat(Series.enter(store, new Series.Entry("other", "x-1", "e", blob(LAX), ROWS)).said())
        .isEmpty();
  }

  @Test
  void prompts_labels_and_rows_are_told_by_their_hash_and_no_whole_hash_is_kept()
      throws IOException {
    Place _ =
        enter(
            "one",
            "{\"systemPrompt\": \"Be rude\", \"labels\": [\"secret\"], \"corpus\": \"%s\"}"
                .formatted("c".repeat(64)),
            ROWS);
    Place changed =
        enter(
            "two",
            "{\"systemPrompt\": \"Be kind\", \"labels\": [\"secret\", \"open\"],"
                + " \"scoring\": {\"rubric\": {\"questions\": [\"Is it a row?\"]}}}",
            ROWS);

    assertThat(changed.said().getFirst())
        .contains("labels: 1 entries (", "-> 2 entries (", "systemPrompt: 7 characters (")
        .contains("scoring.rubric.questions: none -> 1 entries (", "corpus: cccccccccccc -> none")
        .doesNotContain("rude", "kind", "secret", "row?");
    for (var record : store.list("series/")) {
      assertThat(new String(store.find(record.key()).orElseThrow(), StandardCharsets.UTF_8))
          .doesNotContain("rude", "kind", "secret", "row?")
          .doesNotContainPattern("[0-9a-f]{64}"); // would keep its blob from being collected
    }
  }

  /** Each a second after the one before. */
  private Place enter(String run, String criteria, String test) throws IOException {
    return enter(run, "e", criteria, test);
  }

  private Place enter(String run, String execution, String criteria, String test)
      throws IOException {
    Place place =
        Series.enter(store, new Series.Entry("triage", run, execution, blob(criteria), test));
    Path record = folder.resolve("series/triage/%s/runs/%s.json".formatted(place.criteria(), run));
    entered++;
    Files.setLastModifiedTime(
        record, FileTime.from(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(entered)));
    return place;
  }

  private io.fettle.workflows.wire.Reference blob(String criteria) throws IOException {
    return store.putBlob(criteria.getBytes(StandardCharsets.UTF_8));
  }
}
