package io.fettle.activities.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelScorerTest {
  @Test
  void a_label_is_compared_without_case_and_margins_and_an_unknown_one_is_invalid()
      throws Exception {
    Marks marks =
        Arms.marks(
            Arms.criteria("accuracy", List.of("Card", "Loan"), null),
            Arms.of(" card\n", "Card", "Loan", "Card", "a card", "Card"));

    assertThat(marks.kind()).isEqualTo(Marks.Kind.RIGHT_OR_WRONG);
    assertThat(marks.rights()).isEqualTo(1);
    assertThat(marks.invalid()).isEqualTo(1);
    assertThat(marks.valid(2)).isFalse();
    assertThat(marks.note(2)).contains("no label of the list");
    assertThat(marks.score(new int[] {0, 0, 1, 2})).isEqualTo(0.5);
  }

  @Test
  void confusion_precision_recall_and_the_rate_of_invalid_labels_are_told() throws Exception {
    Marks marks =
        Arms.marks(
            Arms.criteria("macro_f1", List.of("a", "b"), null),
            Arms.of("a", "a", "b", "a", "b", "b", "none", "b"));

    assertThat(marks.extras())
        .containsEntry("confusion/a/a", 1.0)
        .containsEntry("confusion/a/b", 1.0)
        .containsEntry("confusion/b/b", 1.0)
        .containsEntry("confusion/b/(invalid)", 1.0)
        .containsEntry("precision/a", 1.0)
        .containsEntry("recall/a", 0.5)
        .containsEntry("precision/b", 0.5)
        .containsEntry("invalid_rate", 0.25);
    assertThat(marks.kind()).isEqualTo(Marks.Kind.RESAMPLED);
    assertThat(marks.score()).isCloseTo((2 / 3.0 + 0.5) / 2, within(1e-12));
  }

  @Test
  void labels_that_the_criteria_do_not_name_are_those_of_the_data() throws Exception {
    Marks marks = Arms.marks("macro_f1", "a", "a", "b", "b", "c", "b");

    assertThat(marks.invalid()).isEqualTo(1);
    assertThat(marks.score(new int[] {0, 1})).isEqualTo(1);
  }

  @Test
  void no_items_score_nothing() throws Exception {
    Marks marks = Arms.marks("macro_f1");

    assertThat(marks.items()).isZero();
    assertThat(marks.score()).isZero();
  }

  @Test
  void a_metric_of_a_newer_release_is_refused_with_the_fix() {
    assertThatThrownBy(() -> Arms.marks("vibes", "a", "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vibes")
        .hasMessageContaining("upgrade");
  }
}
