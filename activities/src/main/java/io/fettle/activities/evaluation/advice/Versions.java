package io.fettle.activities.evaluation.advice;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.fettle.activities.evaluation.advice.Evidence.Dated;
import io.fettle.activities.evaluation.advice.Evidence.Knowledge;
import io.fettle.activities.evaluation.advice.Evidence.State;
import io.fettle.statistics.Interval;
import io.fettle.statistics.Proportions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Whether texts of different dates or versions contradict each other. Versions of a document are
 * those whose ids, or else first lines, are alike but for date and version. From one to the next a
 * sentence either stays, or is replaced by one that differs in its numbers or in one word, which is
 * a contradiction; a list that only grew is none. A row's question that is asked again under
 * another date stays or contradicts by its answers.
 */
final class Versions {
  private static final double CONFIDENCE = 0.95;

  /** One statement in a hundred may change, and nobody calls it changing. */
  private static final double CHANGING = 0.01;

  private static final double STABLE = 0.1;

  private final int texts;
  private final List<Timed> dated;
  private int stayed;
  private int contradicted;

  Versions(List<Dated> given) {
    this.texts = given.size();
    this.dated =
        given.stream()
            .map(text -> new Timed(Times.of(text), text))
            .filter(text -> !text.time().isEmpty())
            .toList();
  }

  private record Timed(String time, Dated text) {
    boolean row() {
      return !text.question().isBlank();
    }

    String question() {
      return String.join(" ", Sentence.one(Times.without(text.question())).words());
    }

    String answer() {
      return String.join(" ", Sentence.one(text.text()).words());
    }

    String name() {
      return Times.without(text.id());
    }

    String title() {
      return Times.without(text.text().strip().lines().findFirst().orElse(""));
    }
  }

  Knowledge knowledge() {
    long times = dated.stream().map(Timed::time).distinct().count();
    if (times < 2) {
      return new Knowledge(
          State.UNKNOWN,
          Say.text(
              "%d of %d texts have a date or version, %d different", dated.size(), texts, times));
    }
    compareRows();
    compareDocuments();
    int comparable = stayed + contradicted;
    if (comparable == 0) {
      return new Knowledge(
          State.UNKNOWN,
          Say.text(
              "%d of %d texts have dates or versions, and none speak of the same",
              dated.size(), texts));
    }
    Interval share =
        Proportions.wilsonOfShare(contradicted / (double) comparable, comparable, CONFIDENCE);
    String how =
        Say.text(
            "%d of %s under %d dates or versions contradict",
            contradicted, Say.count(comparable, "statement"), times);
    if (share.low() > CHANGING) {
      return new Knowledge(State.CHANGING, how);
    }
    return new Knowledge(share.high() < STABLE ? State.STABLE : State.UNKNOWN, how);
  }

  private void compareRows() {
    Map<String, List<Timed>> byQuestion =
        dated.stream()
            .filter(Timed::row)
            .collect(groupingBy(Timed::question, TreeMap::new, toList()));
    for (List<Timed> asked : byQuestion.values()) {
      List<Set<String>> answers = new ArrayList<>();
      byTime(asked).values().forEach(then -> answers.add(answers(then)));
      for (int later = 1; later < answers.size(); later++) {
        count(contradicts(answers.get(later - 1), answers.get(later)));
      }
    }
  }

  private static Set<String> answers(List<Timed> rows) {
    Set<String> answers = new TreeSet<>();
    rows.forEach(row -> answers.add(row.answer()));
    return answers;
  }

  private static boolean contradicts(Set<String> earlier, Set<String> later) {
    return !earlier.containsAll(later) && !later.containsAll(earlier);
  }

  private void count(boolean contradicts) {
    contradicted += contradicts ? 1 : 0;
    stayed += contradicts ? 0 : 1;
  }

  private void compareDocuments() {
    List<Timed> documents = dated.stream().filter(text -> !text.row()).toList();
    List<Timed> single = compare(documents, Timed::name);
    List<Timed> _ = compare(single, Timed::title);
  }

  /** Compares the versions of each family; what stands alone in time is handed back. */
  private List<Timed> compare(List<Timed> documents, Function<Timed, String> family) {
    List<Timed> alone = new ArrayList<>();
    Map<String, List<Timed>> families =
        documents.stream().collect(groupingBy(family, TreeMap::new, toList()));
    for (List<Timed> members : families.values()) {
      List<Set<Sentence>> versions = new ArrayList<>();
      byTime(members).values().forEach(then -> versions.add(sentences(then)));
      if (versions.size() < 2) {
        alone.addAll(members);
      }
      for (int later = 1; later < versions.size(); later++) {
        compare(versions.get(later - 1), versions.get(later));
      }
    }
    return alone;
  }

  private void compare(Set<Sentence> earlier, Set<Sentence> later) {
    Set<Sentence> come = new LinkedHashSet<>(later);
    come.removeAll(earlier);
    for (Sentence sentence : earlier) {
      if (later.contains(sentence)) {
        stayed++;
        continue;
      }
      var replacing = come.stream().filter(sentence::contradicts).findFirst();
      replacing.ifPresent(come::remove);
      contradicted += replacing.isPresent() ? 1 : 0;
    }
  }

  private static Map<String, List<Timed>> byTime(List<Timed> texts) {
    return texts.stream().collect(groupingBy(Timed::time, TreeMap::new, toList()));
  }

  private static Set<Sentence> sentences(List<Timed> texts) {
    Set<Sentence> sentences = new LinkedHashSet<>();
    texts.forEach(text -> sentences.addAll(Sentence.of(Times.without(text.text().text()))));
    return sentences;
  }
}
