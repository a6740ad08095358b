package io.fettle.activities.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fettle.activities.evaluation.advice.Evidence.Arm;
import io.fettle.activities.evaluation.advice.Evidence.Economics;
import io.fettle.activities.evaluation.advice.Evidence.Kind;
import io.fettle.activities.evaluation.advice.Evidence.Knowledge;
import io.fettle.activities.evaluation.advice.Evidence.Noise;
import io.fettle.activities.evaluation.advice.Evidence.Price;
import io.fettle.activities.evaluation.advice.Evidence.State;
import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.activities.evaluation.advice.Finding.Cause;
import io.fettle.workflows.evaluation.Advice;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdvisorTest {
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final List<State> STATES = List.of(State.values());
  private static final Price CHEAP = new Price(200, 20, 0.1, 0.4);
  private static final Price DEAR = new Price(2_000, 20, 1, 4);

  @Test
  void a_prompt_whose_lower_bound_reaches_the_target_ends_the_question() {
    Finding finding = advise(new Drawn(1).target(0.8).wrong(Cause.REMAINING, 0.05));

    assertThat(finding.advice()).isEqualTo(Advice.PROMPT);
    assertThat(finding.why()).contains("reaches the target of 80 %").contains("200 dev items");
  }

  @Test
  void a_target_inside_the_interval_asks_for_so_many_more_items() {
    Finding finding = advise(new Drawn(1).target(0.72).wrong(Cause.REMAINING, 0.3));

    assertThat(finding.advice()).isEqualTo(Advice.UNDECIDED);
    assertThat(finding.why()).contains("may reach the target of 72 % or not");
    assertThat(finding.next()).containsPattern("answer \\d+ more dev items");
  }

  @Test
  void a_score_within_the_margin_of_all_leaves_nothing_to_train_for() {
    Finding finding = advise(sure(Way.FEW_SHOT, 400, 0.02));

    assertThat(finding.advice()).isEqualTo(Advice.PROMPT);
    assertThat(finding.why()).contains("no model can beat it by the margin");
  }

  @Test
  void retrieval_that_reaches_the_target_is_advised_as_retrieval() {
    Finding finding = advise(new Drawn(2).target(0.8).wrong(Cause.KNOWLEDGE, 0.5).retrieving(1));

    assertThat(finding.advice()).isEqualTo(Advice.RAG);
  }

  @Test
  void conflicting_rows_and_too_few_rows_are_data_to_fix() {
    assertThat(advise(new Drawn(3).wrong(Cause.REMAINING, 0.5).conflicts(400)).why())
        .contains("400 of 2000 train rows");
    Finding few = advise(new Drawn(3).wrong(Cause.REMAINING, 0.5).rows(4, 200));
    assertThat(few.advice()).isEqualTo(Advice.FIX_DATA);
    assertThat(few.why()).contains("4 rows left to train on");
  }

  @Test
  void noise_is_told_with_its_suspects_by_id() {
    Noise noise = new Noise(0.2, 0.16, 0.24, 600, List.of("row-7", "row-9"));
    Finding finding = advise(new Drawn(4).wrong(Cause.REMAINING, 0.5).noise(Optional.of(noise)));

    assertThat(finding.advice()).isEqualTo(Advice.FIX_DATA);
    assertThat(finding.suspects()).containsExactly("row-7", "row-9");
    assertThat(finding.next()).contains("2 most suspect rows").contains("row-7");
  }

  @Test
  void little_noise_matters_where_the_target_lies_above_what_it_allows() {
    Noise noise = new Noise(0.05, 0.04, 0.06, 600, List.of());

    assertThat(advise(new Drawn(4).wrong(Cause.REMAINING, 0.5).noise(Optional.of(noise))).advice())
        .isEqualTo(Advice.FINE_TUNE);
    assertThat(
            advise(new Drawn(4).target(0.98).wrong(Cause.REMAINING, 0.5).noise(Optional.of(noise)))
                .advice())
        .isEqualTo(Advice.FIX_DATA);
  }

  @Test
  void what_was_trained_for_a_curve_is_not_the_next_step_again() {
    Finding before = advise(new Drawn(1).wrong(Cause.REMAINING, 0.5));
    Finding after = advise(new Drawn(1).wrong(Cause.REMAINING, 0.5).curve(0.6, 0.8));
    Finding few = advise(new Drawn(1).wrong(Cause.REMAINING, 0.5).rows(60, 300).curve(0.55, 0.56));

    assertThat(before.next()).startsWith("train on a quarter and a half");
    assertThat(after.advice()).isEqualTo(Advice.FINE_TUNE);
    assertThat(after.next()).startsWith("train on all rows");
    assertThat(few.next()).doesNotContain("quarter");
  }

  @Test
  void knowledge_of_which_nobody_knows_whether_it_changes_asks_for_dates() {
    Finding finding = advise(new Drawn(5).wrong(Cause.KNOWLEDGE, 0.5).retrieving(0.2));

    assertThat(finding.advice()).isEqualTo(Advice.UNDECIDED);
    assertThat(finding.next()).contains("dates or versions");
  }

  @Test
  void knowledge_that_changes_is_probed_before_anything_is_trained() {
    Finding finding =
        advise(
            new Drawn(5)
                .wrong(Cause.REMAINING, 0.5)
                .probes(Kind.PROMPT)
                .knowledge(Knowledge.said(State.CHANGING)));

    assertThat(finding.advice()).isEqualTo(Advice.UNDECIDED);
    assertThat(finding.why()).contains("the spec says so");
    assertThat(finding.next()).contains("right passage");
  }

  @Test
  void retrieval_that_reaches_stable_knowledge_is_used() {
    Finding finding =
        advise(
            new Drawn(5)
                .wrong(Cause.KNOWLEDGE, 0.5)
                .retrieving(0.95)
                .knowledge(Knowledge.said(State.STABLE)));

    assertThat(finding.advice()).isEqualTo(Advice.RAG);
    assertThat(finding.why()).contains("retrieval reaches it");
  }

  @Test
  void retrieval_that_mends_most_needs_no_probes() {
    Finding finding = advise(new Drawn(5).wrong(Cause.KNOWLEDGE, 0.5).retrieving(0.95).probes());

    assertThat(finding.advice()).isEqualTo(Advice.RAG);
    assertThat(finding.anatomy()).isNotEmpty();
  }

  @Test
  void few_rows_are_not_tuned_beside_retrieval_either() {
    Drawn drawn = new Drawn(5).wrong(Cause.KNOWLEDGE, 0.3).wrong(Cause.REMAINING, 0.3);

    assertThat(advise(drawn.retrieving(0.95).rows(90, 300)).advice()).isEqualTo(Advice.UNDECIDED);
  }

  @Test
  void a_bigger_model_is_advised_where_its_price_is_allowed_and_asked_about_where_unknown() {
    Economics allowed = prices(DEAR, OptionalDouble.of(0.01));
    Economics tooDear = prices(DEAR, OptionalDouble.of(0.0001));

    assertThat(advise(weak(6).prices(allowed)).advice()).isEqualTo(Advice.BIGGER_MODEL);
    assertThat(advise(weak(6).prices(tooDear)).advice()).isEqualTo(Advice.FINE_TUNE);
    Finding unknown = advise(weak(6));
    assertThat(unknown.advice()).isEqualTo(Advice.UNDECIDED);
    assertThat(unknown.next()).contains("prices");
  }

  @Test
  void two_prompts_that_mend_a_half_each_are_tried_together_first() {
    Finding finding =
        advise(
            new Drawn(7)
                .wrong(Cause.FORMAT, 0.2)
                .wrong(Cause.INSTRUCTION, 0.2)
                .wrong(Cause.REMAINING, 0.13)
                .rows(2_000, 800));

    assertThat(finding.advice()).isEqualTo(Advice.UNDECIDED);
    assertThat(finding.next()).contains("at once");
  }

  @Test
  void a_flat_curve_below_the_prompt_ends_training_and_a_rising_one_excuses_few_rows() {
    Drawn flat = new Drawn(8).wrong(Cause.REMAINING, 0.4).rows(2_000, 3_000).curve(0.45, 0.44);
    Drawn rising = new Drawn(8).wrong(Cause.REMAINING, 0.5).rows(80, 300).curve(0.4, 0.7);

    assertThat(advise(flat).advice()).isEqualTo(Advice.PROMPT);
    assertThat(advise(flat).why()).contains("flat");
    assertThat(advise(rising).advice()).isEqualTo(Advice.FINE_TUNE);
  }

  @Test
  void only_a_plain_prompt_is_too_little_to_train_upon() {
    Evidence evidence = new Drawn(9).wrong(Cause.REMAINING, 0.5).probes().evidence();

    Finding finding = Advisor.advise(with(evidence, evidence.arms().subList(0, 1)));

    assertThat(finding.advice()).isEqualTo(Advice.UNDECIDED);
    assertThat(Advisor.advise(evidence).advice()).isEqualTo(Advice.FINE_TUNE);
    assertThat(Advisor.advise(with(evidence, List.of())).next()).contains("zero-shot");
  }

  @Test
  void every_failure_is_counted_once_under_the_cheapest_thing_that_mends_it() {
    Finding finding =
        advise(
            new Drawn(10)
                .wrong(Cause.FORMAT, 0.2)
                .wrong(Cause.KNOWLEDGE, 0.2)
                .wrong(Cause.REMAINING, 0.1));

    assertThat(finding.anatomy()).extracting(Finding.Share::cause).containsExactly(Cause.values());
    assertThat(finding.anatomy().stream().mapToDouble(Finding.Share::share).sum())
        .isBetween(0.999, 1.001);
    assertThat(finding.anatomy())
        .allSatisfy(share -> assertThat(share.share()).isBetween(share.low(), share.high()));
  }

  @Test
  void one_more_probe_never_turns_a_prompt_into_training() {
    Random random = new Random(11);
    int prompts = 0;
    for (int trial = 0; trial < 2_000; trial++) {
      Evidence evidence = anything(random);
      Evidence fewer = without(evidence, KINDS.get(random.nextInt(KINDS.size())));
      if (Advisor.advise(fewer).advice() == Advice.PROMPT) {
        prompts++;
        assertThat(Advisor.advise(evidence).advice())
            .isNotIn(Advice.FINE_TUNE, Advice.FINE_TUNE_AND_RAG, Advice.UNDECIDED);
      }
    }
    assertThat(prompts).isGreaterThan(100);
  }

  @Test
  void equal_evidence_gives_equal_advice_with_numbers_and_a_next_step() {
    for (int seed = 0; seed < 300; seed++) {
      Finding once = Advisor.advise(anything(new Random(seed)));

      assertThat(once).isEqualTo(Advisor.advise(anything(new Random(seed))));
      assertThat(once.why()).containsPattern("\\d");
      assertThat(once.next()).isNotBlank();
    }
  }

  @Test
  void training_is_paid_by_what_each_request_saves_less_its_retrainings() {
    Economics once = prices(DEAR, OptionalDouble.empty());
    Drawn drawn = new Drawn(12).wrong(Cause.REMAINING, 0.5);

    // 100 / (0.00208 - 0.000028)
    assertThat(advise(drawn.prices(once)).breakEven().orElse(0)).isBetween(48_732.0, 48_734.0);
    Economics never =
        new Economics(
            OptionalDouble.of(1_000),
            Optional.of(CHEAP),
            Optional.of(DEAR),
            Optional.empty(),
            OptionalDouble.of(100),
            0,
            OptionalDouble.empty());
    assertThat(advise(drawn.prices(never)).breakEven().orElse(0)).isInfinite();
    assertThat(advise(drawn.prices(never)).remarks()).anyMatch(said -> said.contains("never paid"));
  }

  @Test
  void marks_that_are_not_one_an_item_are_refused() {
    Evidence evidence = new Drawn(13).evidence();
    List<Arm> short1 = List.of(new Arm(Way.ZERO_SHOT, 0, List.of(1.0)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(evidence, short1))
        .withMessageContaining("1 marks of ZERO_SHOT for 200 dev items");
  }

  private static Drawn weak(long seed) {
    return new Drawn(seed)
        .wrong(Cause.CAPABILITY, 0.45)
        .wrong(Cause.REMAINING, 0.05)
        .probes(Kind.CONSTRAINED, Kind.PROMPT, Kind.ORACLE, Kind.BIGGER);
  }

  private static Economics prices(Price prompted, OptionalDouble most) {
    return new Economics(
        OptionalDouble.of(10_000),
        Optional.of(prompted),
        Optional.of(CHEAP),
        Optional.of(DEAR),
        OptionalDouble.of(100),
        0,
        most);
  }

  private static Evidence anything(Random random) {
    Drawn drawn = new Drawn(random.nextLong());
    double left = random.nextDouble();
    for (Cause cause : Cause.values()) {
      double share = random.nextDouble() * left;
      drawn.wrong(cause, share);
      left -= share;
    }
    if (random.nextBoolean()) {
      drawn.target(0.5 + random.nextDouble() / 2);
    }
    if (random.nextBoolean()) {
      drawn.retrieving(random.nextDouble());
    }
    return drawn
        .rows(random.nextInt(3_000), 20 + random.nextInt(400))
        .knowledge(Knowledge.said(STATES.get(random.nextInt(STATES.size()))))
        .probes(Kind.values())
        .evidence();
  }

  private static Evidence sure(Way way, int items, double margin) {
    Evidence drawn = new Drawn(0).rows(2_000, items).probes().evidence();
    return new Evidence(
        new Evidence.Bar(OptionalDouble.empty(), margin, 0.05),
        drawn.readiness(),
        List.of(new Arm(way, 4, Collections.nCopies(items, 1.0))),
        Optional.empty(),
        List.of(),
        drawn.knowledge(),
        Optional.empty());
  }

  private static Evidence with(Evidence evidence, List<Arm> arms) {
    return new Evidence(
        evidence.bar(),
        evidence.readiness(),
        arms,
        evidence.probes(),
        evidence.curve(),
        evidence.knowledge(),
        evidence.economics());
  }

  private static Evidence without(Evidence evidence, Kind kind) {
    return new Evidence(
        evidence.bar(),
        evidence.readiness(),
        evidence.arms(),
        evidence
            .probes()
            .map(
                made ->
                    new Evidence.Probes(
                        made.on(),
                        made.made().stream().filter(probe -> probe.kind() != kind).toList())),
        evidence.curve(),
        evidence.knowledge(),
        evidence.economics());
  }

  private static Finding advise(Drawn drawn) {
    return advise(drawn.evidence());
  }

  private static Finding advise(Evidence evidence) {
    return Advisor.advise(evidence);
  }
}
