package io.fettle.activities.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.evaluation.scoring.Scorers.Pairs;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairScorerTest {
  @TempDir private Path folder;
  private ScriptedJudge server;

  @BeforeEach
  void serve() throws IOException {
    server = new ScriptedJudge();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void an_answer_is_preferred_where_both_orders_prefer_it() throws Exception {
    server.says(
        request -> {
          int good = request.user().indexOf("good");
          return good < request.user().indexOf("<<second") ? "First, it is good." : "second";
        });
    Pairs pairs = compare(arm("good one", "bad", "same"), arm("bad", "a good one", " same"));

    assertThat(pairs.preferences()).containsExactly(1.0, 0.0, 0.5);
    assertThat(pairs.asked()).isEqualTo(2);
    assertThat(pairs.consistency()).isEqualTo(1);
    assertThat(pairs.firstSlot()).isEqualTo(0.5);
    assertThat(pairs.longer()).isEqualTo(1);
    assertThat(pairs.score(new int[] {0, 0, 1})).isEqualTo(2 / 3.0);
    assertThat(pairs.rulings())
        .containsExactly(
            new Scorers.PairRuling("item 0", "ours", "ours", "it is good.", ""),
            new Scorers.PairRuling("item 1", "theirs", "theirs", "", "it is good."));
  }

  @Test
  void a_judge_that_likes_what_it_sees_first_says_nothing_but_that() throws Exception {
    server.says(_ -> "first");
    Pairs pairs = compare(arm("a", "b"), arm("c", "d"));

    assertThat(pairs.preferences()).containsExactly(0.5, 0.5);
    assertThat(pairs.consistency()).isZero();
    assertThat(pairs.rulings().getFirst())
        .isEqualTo(new Scorers.PairRuling("item 0", "ours", "theirs", "", ""));
    assertThat(pairs.firstSlot()).isEqualTo(1);
  }

  @Test
  void arms_of_other_items_are_not_compared() {
    assertThatThrownBy(() -> compare(arm("a", "b"), arm("c")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same items");
  }

  private Pairs compare(List<Answer> ours, List<Answer> theirs) throws IOException {
    Scoring.Judge judge = new Scoring.Judge(server.url(), "judge-1", null, 4, 1, 0.7, 80);
    Criteria criteria =
        Arms.criteria(
            "exact_match", List.of(), Scoring.NONE.with(new Scoring.Pairwise(judge, "Compare.")));
    return Scorers.compare(criteria, ours, theirs, Arms.options(folder)).orElseThrow();
  }

  private static List<Answer> arm(String... answers) {
    List<Answer> arm = new ArrayList<>();
    for (String answer : answers) {
      arm.add(new Answer("item " + arm.size(), "How?", "", answer));
    }
    return arm;
  }
}
