package io.fettle.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.gate.AdvisorPlay.Told;
import io.fettle.benchmarks.gate.AdvisorRows.Draw;
import io.fettle.benchmarks.gate.AdvisorRows.Played;
import io.fettle.workflows.evaluation.Advice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdvisorRowsTest {
  private static final RealAdvice.Told RIGHT = new RealAdvice.Told(Optional.of(true), "FINE_TUNE");
  private static final RealAdvice.Told WRONG = new RealAdvice.Told(Optional.of(false), "UNDECIDED");
  private static final RealAdvice.Told NOT_RUN = new RealAdvice.Told(Optional.empty(), "quick");

  @Test
  void twelve_scripted_cases_and_the_real_one_keep_the_bar() {
    Row row = AdvisorRows.right(List.of(draw(1)), RIGHT);

    assertThat(row.value()).contains(13.0);
    assertThat(row.ok()).contains(true);
    assertThat(row.control()).contains(7.0); // one of each pair
    assertThat(AdvisorRows.flips(List.of(draw(1))).ok()).contains(true);
  }

  @Test
  void without_the_real_case_nothing_is_said_unless_a_scripted_one_is_wrong() {
    assertThat(AdvisorRows.right(List.of(draw(1)), NOT_RUN).value()).isEmpty();
    assertThat(AdvisorRows.right(List.of(draw(1)), NOT_RUN).ok()).isEmpty();
    assertThat(AdvisorRows.right(List.of(draw(1)), NOT_RUN).note()).contains("12 of 12", "quick");
    assertThat(AdvisorRows.right(List.of(draw(1, 4)), NOT_RUN).ok()).contains(false);
    assertThat(AdvisorRows.right(List.of(draw(1)), WRONG).ok()).contains(false);
  }

  @Test
  void the_worst_draw_counts_and_half_a_pair_is_no_flip() {
    List<Draw> draws = List.of(draw(1), draw(2, 4, 5), draw(3));

    assertThat(AdvisorRows.right(draws, RIGHT).value()).contains(11.0);
    assertThat(AdvisorRows.right(draws, RIGHT).note())
        .contains("case 4: RAG, not PROMPT, of seed 2");
    assertThat(AdvisorRows.flips(draws).value()).contains(5.0);
    assertThat(AdvisorRows.flips(List.of(draw(1, 0), draw(2, 2, 4))).value()).contains(4.0);
  }

  /** Expected are PROMPT and FINE_TUNE in turn; arms alone always say FINE_TUNE. */
  private static Draw draw(long seed, Integer... wrong) {
    List<Played> cases = new ArrayList<>();
    for (int number = 0; number < 12; number++) {
      Advice expected = number % 2 == 0 ? Advice.PROMPT : Advice.FINE_TUNE;
      Advice told = Set.of(wrong).contains(number) ? Advice.RAG : expected;
      cases.add(
          new Played("case " + number, expected, new Told(told, "because", Advice.FINE_TUNE)));
    }
    return new Draw(seed, cases);
  }
}
