package io.fettle.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.filter.Filters;
import io.fettle.data.prepare.Prepared.Setup;
import io.fettle.data.prepare.TokenCounter.TokenCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
  private static final String WIFI =
      "my router keeps losing the wifi every evening since monday morning";

  @TempDir Path folder;

  @Test
  void every_row_ends_in_a_part_or_in_a_count() throws Exception {
    Prepared prepared = setup().pool(distinct(80)).pool("a => b", "a => b", " => c", "d => ").run();

    PrepareReport report = prepared.report();
    assertThat(report.read()).isEqualTo(84);
    long kept = report.parts().stream().mapToLong(PrepareReport.PartReport::rows).sum();
    long dropped =
        report.stages().stream()
            .flatMap(stage -> stage.drops().stream())
            .mapToLong(drop -> drop.rows())
            .sum();
    assertThat(kept + dropped).isEqualTo(84);
    assertThat(prepared.drops())
        .containsExactly(
            "read empty_prompt 1", "read empty_answer 1", "exact_duplicates exact_duplicate 1");
  }

  @Test
  void a_repeated_row_is_kept_once_and_the_first_one_wins() throws Exception {
    Prepared prepared =
        setup().pool(with(distinct(30), "Reset  my pin => pin", "Reset my pin => pin")).run();

    assertThat(prepared.drops()).containsExactly("exact_duplicates exact_duplicate 1");
    assertThat(allPrompts(prepared)).contains("Reset  my pin").doesNotContain("Reset my pin");
    assertThat(setup().keepingDuplicates().pool("a => b", "a => b").run().drops()).isEmpty();
  }

  @Test
  void near_duplicates_equal_prompts_and_groups_stay_in_one_part_whatever_the_seed()
      throws Exception {
    String[] rows =
        with(
            distinct(40),
            WIFI + " => birch",
            WIFI + " thanks => birch",
            "Where is it => cedar",
            "where is IT => maple",
            "one thing of a customer => a @ c7",
            "quite another thing of the same => b @ c7");
    for (int seed = 0; seed < 25; seed++) {
      Prepared prepared = setup().pool(rows).seed(seed).dev(new Share.Fraction(0.3)).run();

      assertTogether(prepared, WIFI, WIFI + " thanks");
      assertTogether(prepared, "Where is it", "where is IT");
      assertTogether(prepared, "one thing of a customer", "quite another thing of the same");
      assertThat(prepared.report().clusters().rowsInCompany()).isEqualTo(6);
      assertThat(prepared.report().conflicts().prompts()).isEqualTo(1);
      assertThat(prepared.report().conflicts().samples()).containsExactly("pool0:44", "pool0:45");
    }
  }

  @Test
  void a_test_set_of_the_user_stays_whole_and_the_pool_loses_what_is_near_it() throws Exception {
    Prepared prepared =
        setup()
            .pool(
                with(
                    distinct(30),
                    WIFI + " thanks => birch",
                    "RESET my pin => pin",
                    "of a customer => a @ c7"))
            .testSet(
                WIFI + " => birch",
                WIFI + " => birch",
                "reset my  pin => other",
                "more of him => b @ c7")
            .run();

    assertThat(prepared.prompts(Part.TEST))
        .containsExactly(WIFI, WIFI, "reset my  pin", "more of him");
    assertThat(prepared.drops())
        .containsExactly("decontamination near_test 2", "decontamination group_of_test 1");
    assertThat(prepared.report().part(Part.TRAIN).rows() + prepared.report().part(Part.DEV).rows())
        .isEqualTo(30);
  }

  @Test
  void evaluation_rows_that_hang_together_are_told_and_those_of_train_are_not() throws Exception {
    Prepared brought =
        setup()
            .pool(with(distinct(30), "one thing => a @ c1", "another one => b @ c1"))
            .testSet(
                WIFI + " => birch",
                WIFI + " thanks => birch",
                "on its own => oak",
                "something of a customer => b @ c7",
                "something else of him => a @ c7")
            .dev(new Share.Rows(3))
            .run();

    assertThat(Files.readAllLines(brought.clusters()))
        .contains(
            "{\"part\":\"test\",\"rows\":[\"test:2\",\"test:3\"]}",
            "{\"part\":\"test\",\"rows\":[\"test:5\",\"test:6\"]}")
        .filteredOn(line -> line.contains("test"))
        .hasSize(2);

    Prepared drawn =
        setup().pool(with(distinct(30), "one thing => a @ c1", "two => b @ c1")).seed(3).run();
    boolean isHeld = !drawn.prompts(Part.TRAIN).contains("two");
    assertThat(Files.readString(drawn.clusters()).contains("pool0:33")).isEqualTo(isHeld);
  }

  @Test
  void the_template_decides_what_can_be_learned_and_the_filter_what_fits() throws Exception {
    TokenCounter counter =
        (rows, counts) ->
            Prepared.wordsAsTokens(
                rows,
                count -> {
                  String line = count.id().substring(count.id().indexOf(':') + 1);
                  counts.accept(
                      switch (line) {
                        case "2" -> new TokenCount(count.id(), 0, 0, false, "roles must alternate");
                        case "3" -> new TokenCount(count.id(), 5, 0, true, "");
                        case "4" -> new TokenCount(count.id(), 5, 2, false, "");
                        case "5" -> new TokenCount(count.id(), 41, 2, true, "");
                        case "6" -> new TokenCount(count.id(), 0, 1, true, "");
                        default -> count;
                      });
                });

    Prepared prepared = setup().pool(distinct(40)).counter(counter).maxTokens(40).run();

    assertThat(prepared.drops())
        .containsExactly(
            "template template_refused 1",
            "template no_supervised_token 1",
            "template no_end_of_turn 1",
            "length too_short 1",
            "length too_long 1");
  }

  @Test
  void a_long_row_of_the_users_test_set_is_kept_and_said() throws Exception {
    String longRow = "word ".repeat(50) + "=> b";

    Prepared prepared = setup().pool(distinct(30)).testSet(longRow).maxTokens(40).run();

    assertThat(prepared.report().testRowsOutsideLength()).isEqualTo(1);
    assertThat(prepared.prompts(Part.TEST)).hasSize(1);
  }

  @Test
  void shares_are_met_and_the_same_inputs_give_the_same_hash() throws Exception {
    Setup setup =
        setup().pool(distinct(200)).dev(new Share.Rows(40)).testShare(new Share.Fraction(0.25));
    Prepared first = setup.run();

    assertThat(rows(first)).containsExactly(110, 40, 50);
    assertThat(setup.run().report()).isEqualTo(first.report());
    assertThat(setup.seed(18).run().report().hash()).isNotEqualTo(first.report().hash());
  }

  @Test
  void a_near_duplicate_is_dropped_for_a_row_that_stays_and_one_with_another_answer_is_not()
      throws Exception {
    String told = words(50, 1);
    Prepared prepared =
        setup()
            .pool(
                with(
                    distinct(40),
                    told + " => restart the box",
                    told + " thanks => restart the box",
                    told + " => call us"))
            .withoutNearDuplicates()
            .run();

    assertThat(prepared.drops()).containsExactly("near_duplicates near_duplicate 1");
    assertThat(allPrompts(prepared)).contains(told).doesNotContain(told + " thanks");
    assertThat(prepared.report().conflicts().rows()).isEqualTo(2);
  }

  @Test
  void a_source_that_would_lose_a_third_of_its_rows_stops_with_its_largest_clusters() {
    String[] copies = new String[50];
    Arrays.setAll(copies, i -> words(60, i / 5) + " " + i + " => restart the box");

    assertThatThrownBy(() -> setup().pool(with(distinct(40), copies)).withoutNearDuplicates().run())
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("pool0 would lose 40 of 90 rows as near-duplicates")
        .hasMessageContaining("most of them 4 for pool0:42, 4 for pool0:47")
        .hasMessageContaining("data.deduplicate");
  }

  @Test
  void filters_and_redaction_leave_the_users_test_set_alone_and_are_counted() throws Exception {
    String mail = "please write to jane.roe@mail.example about it => we will";
    String refusal = "tell me a secret of yours => I'm sorry, but I cannot assist with that.";
    var cleaning = new PrepareOptions.Cleaning(List.of(Filters.refusals()), true, true);

    Prepared prepared =
        setup()
            .pool(with(distinct(40), mail, refusal))
            .testSet("who is bob.roe@mail.example => me")
            .cleaning(cleaning)
            .run();

    assertThat(prepared.drops()).containsExactly("refusals refusal 1");
    assertThat(prepared.report().redactions()).containsEntry("EMAIL", 1);
    assertThat(allPrompts(prepared))
        .contains("please write to [EMAIL] about it", "who is bob.roe@mail.example");
    assertThat(prepared.report().stages().get(1).seen()).isEqualTo(42);
  }

  @Test
  void a_swapped_batch_stops_with_its_place_unless_it_is_only_to_be_reported() throws Exception {
    String[] rows = questions();
    for (int i = 300; i < 340; i++) {
      String[] sides = rows[i].split(" => ");
      rows[i] = sides[1] + " => " + sides[0];
    }

    assertThatThrownBy(() -> setup().pool(rows).run())
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("of pool0 look as if prompt and answer were swapped")
        .hasMessageContaining("data.swapped");
    var report = new PrepareOptions.Cleaning(List.of(), false, false);
    assertThat(setup().pool(rows).cleaning(report).run().report().swaps().batches()).hasSize(1);
    assertThat(setup().pool(questions()).run().report().swaps().finding())
        .startsWith("no batch of");
  }

  @Test
  void a_turned_batch_whose_rows_are_scattered_is_found_where_batches_are_declared()
      throws Exception {
    String[] rows = questions();
    for (int i = 0; i < rows.length; i++) {
      String[] sides = rows[i].split(" => ");
      boolean isTurned = i % 20 == 7;
      rows[i] =
          "%s => %s @ annotator %d"
              .formatted(sides[isTurned ? 1 : 0], sides[isTurned ? 0 : 1], i % 20);
    }

    assertThat(setup().keepingDuplicates().pool(rows).run().report().swaps().batches()).isEmpty();
    assertThatThrownBy(() -> setup().batches("group").pool(rows).run())
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("rows 1 to 50 of batch \"annotator 7\" look as if prompt and answer")
        .hasMessageContaining("as pool0:")
        .hasMessageContaining("data.swapped");
    var report = new PrepareOptions.Cleaning(List.of(), false, false);
    var swaps =
        setup().batches("group").pool(rows).cleaning(report).run().report().swaps().batches();
    assertThat(swaps).extracting(batch -> batch.called()).containsExactly("batch \"annotator 7\"");
    assertThat(swaps.getFirst().backwards()).isGreaterThan(45);
  }

  @Test
  void rows_that_lie_together_are_found_whatever_batches_they_declare() throws Exception {
    String[] rows = questions();
    for (int i = 0; i < rows.length; i++) {
      String[] sides = rows[i].split(" => ");
      boolean isTurned = i >= 300 && i < 340;
      rows[i] = "%s => %s @ %d".formatted(sides[isTurned ? 1 : 0], sides[isTurned ? 0 : 1], i % 20);
    }

    assertThatThrownBy(() -> setup().batches("group").pool(rows).run())
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("of pool0 look as if prompt and answer were swapped");
  }

  @Test
  void a_field_that_names_no_batches_is_told() {
    assertThatThrownBy(() -> setup().batches("annotater").pool(distinct(30)).run())
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("\"annotater\" (data.batch_by) is missing or empty in all of them");
    assertThatThrownBy(() -> setup().batches("prompt").pool(distinct(Batches.MOST + 1)).run())
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("more than 10,000 different values, so it names no batches");
  }

  private static String[] questions() {
    var random = new Random(9);
    return IntStream.range(0, 1_000)
        .mapToObj(
            i ->
                "What does the part %s of machine %d do in step %d? => It holds the %s and turns %d times."
                    .formatted(words(2, i), i, random.nextInt(99), words(2, 5_000 + i), i))
        .toArray(String[]::new);
  }

  @Test
  void the_number_of_threads_changes_nothing() throws Exception {
    String[] rows = with(distinct(9_000), WIFI + " => birch", WIFI + " => birch", " => c");
    Setup setup = setup().pool(rows).pool(distinct(500));
    PrepareReport one = setup.threads(1).run().report();

    for (int threads : new int[] {2, 3, 7}) {
      assertThat(setup.threads(threads).run().report()).isEqualTo(one);
    }
  }

  @Test
  void the_order_of_rows_moves_none_between_parts() throws Exception {
    List<String> shuffled = Arrays.asList(distinct(100));
    Prepared straight = setup().pool(shuffled.toArray(String[]::new)).run();
    java.util.Collections.shuffle(shuffled, new Random(5));
    Prepared other = setup().pool(shuffled.toArray(String[]::new)).run();

    for (Part part : Part.values()) {
      assertThat(new HashSet<>(other.prompts(part)))
          .isEqualTo(new HashSet<>(straight.prompts(part)));
    }
  }

  @Test
  void a_pool_of_one_cluster_is_a_problem_that_is_said() throws Exception {
    Prepared prepared = setup().pool("a => b", "a => c").run();

    assertThat(prepared.report().problem())
        .hasValue(
            "dev.jsonl and test.jsonl would be empty (rows read 2, left 2, clusters of duplicates 1)");
    assertThat(setup().pool(distinct(30)).run().report().problem()).isEmpty();
    assertThat(setup().pool(" => b").run().report().problem()).isPresent();
  }

  private Setup setup() {
    return new Setup(folder);
  }

  private static List<Integer> rows(Prepared prepared) {
    return prepared.report().parts().stream().map(PrepareReport.PartReport::rows).toList();
  }

  private static Set<String> allPrompts(Prepared prepared) throws IOException {
    Set<String> all = new HashSet<>();
    for (Part part : Part.values()) {
      all.addAll(prepared.prompts(part));
    }
    return all;
  }

  private static void assertTogether(Prepared prepared, String... prompts) throws IOException {
    for (Part part : Part.values()) {
      List<String> found = prepared.prompts(part);
      assertThat(Arrays.stream(prompts).filter(found::contains).count())
          .isIn(0L, (long) prompts.length);
    }
  }

  private static String[] distinct(int count) {
    var random = new Random(3);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                random
                        .ints(9, 0, 9_000)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(" "))
                    + " => answer "
                    + i)
        .toArray(String[]::new);
  }

  private static String words(int count, int seed) {
    return new Random(seed)
        .ints(count, 0, 9_000)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }

  private static String[] with(String[] rows, String... more) {
    String[] all = Arrays.copyOf(rows, rows.length + more.length);
    System.arraycopy(more, 0, all, rows.length, more.length);
    return all;
  }
}
