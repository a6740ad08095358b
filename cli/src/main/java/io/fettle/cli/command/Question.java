package io.fettle.cli.command;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;

/** A question before something that cannot be undone. */
final class Question {
  private Question() {}

  /** True only where a person at a terminal says yes. */
  static boolean isAnsweredYes(String question) {
    var console = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    if (console.isEmpty()) {
      return false;
    }
    var answer = console.get().readLine("%s [y/N] ", question);
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }
}
