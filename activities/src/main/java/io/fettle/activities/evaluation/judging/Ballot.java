package io.fettle.activities.evaluation.judging;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a judge said when it was asked the same several times.
 *
 * @param votes how often it said each word
 * @param unreadable how often it said something else
 * @param reason what it gave as its reason, the first time that it said the word that won; empty
 *     where none won
 */
public record Ballot(NavigableMap<String, Integer> votes, int unreadable, String reason) {
  public Ballot {
    votes = Collections.unmodifiableNavigableMap(new TreeMap<>(votes));
  }

  /** The word that it said more often than not; an unreadable answer is a vote for none. */
  public Optional<String> winner() {
    return winner(votes, unreadable);
  }

  static Optional<String> winner(Map<String, Integer> votes, int unreadable) {
    int asked = unreadable + votes.values().stream().mapToInt(Integer::intValue).sum();
    return votes.entrySet().stream()
        .filter(vote -> 2 * vote.getValue() > asked)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether it said one word every time. */
  public boolean unanimous() {
    return unreadable == 0 && votes.size() == 1;
  }
}
