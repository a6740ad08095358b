package io.fettle.data.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.quality.LossFlags.Loss;
import io.fettle.data.quality.LossFlags.Standing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LossFlagsTest {
  private static List<Loss> rows(
      String source, String answer, int count, double with, double without) {
    var random = new Random(answer.hashCode());
    var rows = new ArrayList<Loss>();
    for (int i = 0; i < count; i++) {
      var id = source + ":" + answer + i;
      rows.add(new Loss(id, source, answer, with + 0.1 * random.nextGaussian(), without));
    }
    return rows;
  }

  @Test
  void a_row_is_compared_with_those_of_its_label() {
    var rows = rows("a", "hard", 40, 7, 8);
    rows.addAll(rows("a", "easy", 40, 2, 8));
    rows.add(new Loss("odd", "a", " Easy", 4, 8));

    var flagged = LossFlags.flagged(rows, 5);

    assertThat(flagged).extracting(Standing::id).containsExactly("odd");
    assertThat(flagged.getFirst().peers()).isEqualTo(41);
    assertThat(flagged.getFirst().ofLabel()).isTrue();
  }

  @Test
  void answers_that_do_not_repeat_are_compared_by_what_the_prompt_saves() {
    var rows = new ArrayList<Loss>();
    var random = new Random(1);
    for (int i = 0; i < 100; i++) {
      double without = 2 + 3 * random.nextDouble();
      double with = 0.5 * without + 0.1 * random.nextGaussian();
      rows.add(new Loss("r" + i, "a", "answer " + i, with, without));
    }
    rows.add(new Loss("odd", "a", "another", 2.4, 3));

    assertThat(LossFlags.flagged(rows, 5)).extracting(Standing::id).containsExactly("odd");
    assertThat(LossFlags.standings(rows).getFirst().ofLabel()).isFalse();
  }

  @Test
  void sources_do_not_judge_each_other_and_few_rows_have_no_peers() {
    var rows = rows("a", "x", 40, 2, 8);
    rows.addAll(rows("b", "x", 40, 7, 8));
    rows.addAll(rows("few", "y", 5, 99, 8));

    assertThat(LossFlags.flagged(rows, 5)).isEmpty();
    assertThat(LossFlags.standings(rows)).hasSize(80);
  }

  @Test
  void the_order_of_rows_changes_nothing() {
    var rows = rows("a", "hard", 40, 7, 8);
    rows.addAll(rows("a", "easy", 40, 2, 8));
    var shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(3));

    assertThat(LossFlags.standings(shuffled)).isEqualTo(LossFlags.standings(rows));
  }

  @Test
  void peers_that_all_agree_flag_nothing_for_a_trifle() {
    var rows = new ArrayList<>(Collections.nCopies(30, new Loss("same", "a", "x", 1, 2)));
    rows.add(new Loss("close", "a", "x", 1.1, 2));

    assertThat(LossFlags.flagged(rows, 3)).isEmpty();
  }
}
