package io.fettle.data.contamination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.read.UnreadableFile;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContaminationTest {
  private static final String QUESTION =
      "A baker sells 48 rolls in April, and half as many in May. How many rolls does she sell in both?";
  private static final int LENGTH = 21;

  @TempDir Path folder;

  @Test
  void a_question_in_the_middle_of_a_long_row_is_found_by_its_words() throws IOException {
    Row row = Held.row(7, Held.words(40, 1) + ". " + QUESTION + " " + Held.words(300, 2), "72");

    List<Match> found = held().benchmark(Held.words(30, 3), QUESTION).by(List.of(row)).getFirst();

    assertThat(found).containsExactly(new Match(0, 2, 41, 61, 100, false));
    assertThat(found.getFirst().words()).isEqualTo(LENGTH);
    assertThat(Contamination.text(row, 41, 61))
        .startsWith("a baker sells 48 rolls")
        .endsWith("sell in both");
  }

  @Test
  void punctuation_case_and_the_form_of_accents_make_no_difference() throws IOException {
    String item =
        "Le caf\u00e9 est-il ouvert? Oui, \u00c0 MIDI; et le th\u00e9, il co\u00fbte cinq francs!";
    String row =
        "le CAFE\u0301 est il ouvert oui a\u0300 midi et le the\u0301 il cou\u0302te cinq francs";

    assertThat(held().benchmark(item).by(row)).containsExactly(new Match(0, 1, 1, 15, 100, true));
    assertThat(held().benchmark("Is it?  OPEN").by("is it open"))
        .containsExactly(new Match(0, 1, 1, 3, 100, true));
  }

  @Test
  void an_instruction_of_both_sides_contaminates_nobody_and_hides_no_question() throws IOException {
    String instruction = Held.words(60, 1) + " ";
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(Held.row(i, instruction + Held.words(6, 100 + i), "no"));
    }
    String[] items =
        IntStream.range(0, 40)
            .mapToObj(i -> instruction + Held.words(6, 139 + i))
            .toArray(String[]::new);

    List<List<Match>> found = held().benchmark(items).by(rows);

    assertThat(found.subList(0, 39)).allMatch(List::isEmpty);
    assertThat(found.get(39)).extracting(Match::line).containsExactly(1L);
    List<List<Match>> ofFewItems = held().benchmark(items[1], items[2]).by(rows);
    assertThat(ofFewItems).as("constant in the rows alone").allMatch(List::isEmpty);
    List<List<Match>> ofFewRows = held().benchmark(items).by(rows.subList(0, 5));
    assertThat(ofFewRows).as("constant in the items alone").allMatch(List::isEmpty);
    assertThat(held().benchmark(items[1], items[2]).by(rows.subList(0, 5)))
        .as("constant nowhere: 60 words on end are a copy")
        .allMatch(matches -> matches.size() == 2);
  }

  @Test
  void an_item_of_few_words_has_to_be_there_whole() throws IOException {
    String ten = Held.words(10, 1);
    String six = Held.words(6, 2);

    assertThat(held().benchmark(ten).by("so tell me " + ten + " please now")).hasSize(1);
    assertThat(held().benchmark(ten).by("so tell me " + ten.substring(0, ten.lastIndexOf(' '))))
        .isEmpty();
    assertThat(held().benchmark(six).by(six + "?")).hasSize(1);
    assertThat(held().benchmark(six).by("so tell me " + six)).isEmpty();
  }

  @Test
  void a_turn_of_the_user_may_be_the_question_unless_it_is_a_remark() throws IOException {
    String six = Held.words(6, 2);
    Row row = Held.row(1, "hello there", "hello", six, "why", "go on", "no");

    assertThat(held().benchmark(six, "go on").by(List.of(row)).getFirst())
        .containsExactly(new Match(0, 1, 4, 9, 100, true));
  }

  @Test
  void of_a_longer_item_four_fifths_are_enough() throws IOException {
    String[] words = Held.words(40, 1).split(" ");
    String most = String.join(" ", List.of(words).subList(0, 32));
    String fewer = String.join(" ", List.of(words).subList(0, 31));
    Held held = held().benchmark(String.join(" ", words));

    assertThat(held.by(Held.words(9, 2) + " " + most))
        .containsExactly(new Match(0, 1, 10, 41, 80, false));
    assertThat(held.by(fewer)).isEmpty();
    words[20] = "changed";
    assertThat(held.by(String.join(" ", words))).containsExactly(new Match(0, 1, 1, 20, 97, false));
  }

  @Test
  void fifty_words_on_end_of_a_long_item_are_a_copy() throws IOException {
    List<String> words = List.of(Held.words(400, 1).split(" "));
    Held held = held().benchmark(String.join(" ", words));

    assertThat(held.by(String.join(" ", words.subList(100, 150))))
        .containsExactly(new Match(0, 1, 1, 50, 12, false));
    assertThat(held.by(String.join(" ", words.subList(100, 149)))).isEmpty();
  }

  @Test
  void long_answers_of_a_benchmark_count_and_labels_and_answers_of_a_test_set_do_not()
      throws IOException {
    String solution = Held.words(60, 1);
    String label = Held.words(20, 2);
    Row row = Held.row(1, "tell me", solution + " " + label);

    assertThat(held().benchmark("why => " + solution).by(List.of(row)).getFirst()).hasSize(1);
    assertThat(held().benchmark("why => " + label).by(List.of(row)).getFirst()).isEmpty();
    assertThat(held().testSet("why => " + solution).by(List.of(row)).getFirst()).isEmpty();
  }

  @Test
  void each_item_is_told_once_the_strongest_evidence_first() throws IOException {
    String half = Held.words(30, 1);
    String whole = half + " " + Held.words(30, 2);

    List<Match> found = held().testSet(half).benchmark(whole + " => " + whole).by(whole);

    assertThat(found)
        .containsExactly(new Match(1, 1, 1, 60, 100, true), new Match(0, 1, 1, 30, 100, false));
  }

  @Test
  void what_a_text_repeats_all_the_time_says_nothing() throws IOException {
    String laughter = "ha ".repeat(60_000);

    assertThat(held().benchmark(laughter).by(laughter + "ho")).isEmpty();
    assertThat(held().benchmark(laughter).by(laughter)).hasSize(1);
  }

  @Test
  void more_words_than_memory_is_set_aside_for_are_refused_by_line() {
    assertThatThrownBy(() -> held().within(6_400).benchmark(QUESTION, Held.words(90, 1)).read())
        .isInstanceOf(UnreadableFile.class)
        .hasMessageContaining("benchmark0 line 2: ")
        .hasMessageContaining("more than 100 words");
  }

  @Test
  void without_items_nothing_is_held() throws IOException {
    assertThat(held().by(QUESTION)).isEmpty();
    assertThat(held().benchmark("?! => yes").by("?!")).isEmpty();
  }

  private Held held() {
    return new Held(folder);
  }
}
