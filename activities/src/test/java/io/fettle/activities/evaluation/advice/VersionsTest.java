package io.fettle.activities.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.evaluation.advice.Evidence.Dated;
import io.fettle.activities.evaluation.advice.Evidence.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionsTest {
  @Test
  void documents_whose_versions_differ_in_a_value_change() {
    var known = Advisor.knowledge(handbook("fees-%s.md", List.of("2023-01-01", "2024-06-01"), 30));

    assertThat(known.state()).isEqualTo(State.CHANGING);
    assertThat(known.how()).isEqualTo("30 of 60 statements under 2 dates or versions contradict");
  }

  @Test
  void the_same_documents_under_two_versions_are_stable() {
    assertThat(Advisor.knowledge(handbook("fees v%s", List.of("1", "2"), 0)).state())
        .isEqualTo(State.STABLE);
  }

  @Test
  void dates_in_the_first_lines_count_and_are_no_contradiction_themselves() {
    List<Dated> texts = new ArrayList<>();
    for (String date : List.of("1 March 2023", "12 May 2024")) {
      StringBuilder text =
          new StringBuilder("Travel policy\nThis page holds from " + date + " on.\n");
      for (int i = 0; i < 50; i++) {
        text.append("A trip of kind %s needs the consent of its manager.\n".formatted(kind(i)));
      }
      texts.add(document("page-" + kind(texts.size()), text.toString()));
    }

    assertThat(Advisor.knowledge(texts).state()).isEqualTo(State.STABLE);
  }

  @Test
  void a_list_that_grew_is_no_contradiction() {
    StringBuilder text = new StringBuilder();
    for (int room = 1; room <= 50; room++) {
      text.append("Room %d costs %d euros a night.\n".formatted(room, 40 + room * 3));
    }
    Dated earlier = document("rooms-2023", text.toString());
    Dated later = document("rooms-2024", text + "Room 77 costs 300 euros a night.\n");

    assertThat(Advisor.knowledge(List.of(earlier, later)).state()).isEqualTo(State.STABLE);
  }

  @Test
  void documents_of_different_things_do_not_contradict_each_other() {
    var known =
        Advisor.knowledge(
            List.of(
                document("basic-plan-2023", "The plan costs 10 euros a month."),
                document("pro-plan-2024", "The plan costs 20 euros a month.")));

    assertThat(known.state()).isEqualTo(State.UNKNOWN);
    assertThat(known.how()).contains("none speak of the same");
  }

  @Test
  void a_question_answered_otherwise_under_another_date_changes() {
    List<Dated> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(new Dated("r" + i, "2023-01", "Who signs contract " + kind(i) + "?", "Ann"));
      rows.add(new Dated("s" + i, "2024-01", "Who signs contract " + kind(i) + "?", "Bob"));
    }

    assertThat(Advisor.knowledge(rows).state()).isEqualTo(State.CHANGING);
    assertThat(
            Advisor.knowledge(rows.stream().filter(row -> row.text().equals("Ann")).toList())
                .state())
        .isEqualTo(State.UNKNOWN);
  }

  @Test
  void a_date_inside_the_question_is_its_date() {
    List<Dated> rows = new ArrayList<>();
    for (String year : List.of("2022", "2024")) {
      rows.add(
          new Dated(
              "q" + year,
              "",
              "As of " + year + ", what is the limit?",
              "It is " + year.hashCode()));
    }

    assertThat(Advisor.knowledge(rows).state()).isEqualTo(State.CHANGING);
  }

  @Test
  void texts_without_dates_say_nothing() {
    var known = Advisor.knowledge(handbook("fees%s", List.of("", ""), 10));

    assertThat(known.state()).isEqualTo(State.UNKNOWN);
    assertThat(known.how()).isEqualTo("0 of 2 texts have a date or version, 0 different");
  }

  /** One document a version; so many of its 60 statements have a new value each. */
  private static List<Dated> handbook(String id, List<String> versions, int changing) {
    List<Dated> texts = new ArrayList<>();
    for (String version : versions) {
      StringBuilder text = new StringBuilder("Fees and terms\n");
      for (int i = 0; i < 60; i++) {
        int value = 10 + i + (i < changing ? 100 * texts.size() : 0);
        text.append("The fee for service %s is %d euros. ".formatted(kind(i), value));
      }
      texts.add(document(id.formatted(version), text.toString()));
    }
    return texts;
  }

  private static String kind(int i) {
    return "" + (char) ('a' + i / 26) + (char) ('a' + i % 26) + "x";
  }

  private static Dated document(String id, String text) {
    return new Dated(id, "", "", text);
  }
}
