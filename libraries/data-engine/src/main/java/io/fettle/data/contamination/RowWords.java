package io.fettle.data.contamination;

import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A row's words, turn after turn, and what of them may be a whole question. For one thread. */
final class RowWords {
  /** A shorter turn of a conversation is no question of its own: "thanks", "go on please". */
  private static final int MIN_TURN = 5;

  private final Grams grams = new Grams();
  private final Set<Range> questions = new LinkedHashSet<>();

  /** Some of the words, numbered from 0. */
  record Range(int from, int to) {}

  void read(Row row) {
    List<Message> turns = row.messages();
    grams.read(turns.stream().map(Message::content).toList());
    questions.clear();
    int system = turns.getFirst().role() == Role.SYSTEM ? grams.end(0) : 0;
    int answer = turns.size() < 2 ? 0 : grams.end(turns.size() - 2);
    addQuestion(system, answer, 1);
    for (int turn = 1; turn < turns.size(); turn++) {
      if (turns.get(turn).role() == Role.USER) {
        addQuestion(grams.end(turn - 1), grams.end(turn), MIN_TURN);
      }
    }
  }

  private void addQuestion(int from, int to, int least) {
    if (to - from >= least) {
      questions.add(new Range(from, to));
    }
  }

  Grams grams() {
    return grams;
  }

  /** The whole prompt, and every turn of the user that is more than a remark. */
  Set<Range> questions() {
    return questions;
  }
}
