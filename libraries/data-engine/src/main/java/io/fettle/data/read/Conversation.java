package io.fettle.data.read;

import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.ArrayList;
import java.util.List;

/** The rules that every format's rows keep, and the system text that a mapping adds. */
final class Conversation {
  private Conversation() {}

  static Row row(Source source, long line, List<Message> turns, String group) throws BadRow {
    List<Message> messages = withSystem(turns, source.fields().systemText());
    checkOrder(messages);
    for (Message message : messages) {
      checkContent(message);
    }
    return new Row(source.name(), line, messages, group);
  }

  /** A prompt and its answer; an empty system text is none. */
  static List<Message> single(String system, String prompt, String answer) {
    var user = new Message(Role.USER, prompt);
    var assistant = new Message(Role.ASSISTANT, answer);
    return system.isBlank()
        ? List.of(user, assistant)
        : List.of(new Message(Role.SYSTEM, system), user, assistant);
  }

  private static List<Message> withSystem(List<Message> turns, String system) {
    boolean bringsItsOwn = !turns.isEmpty() && turns.getFirst().role() == Role.SYSTEM;
    if (system.isEmpty() || bringsItsOwn) {
      return turns;
    }
    List<Message> messages = new ArrayList<>(turns.size() + 1);
    messages.add(new Message(Role.SYSTEM, system));
    messages.addAll(turns);
    return messages;
  }

  private static void checkOrder(List<Message> messages) throws BadRow {
    int at = !messages.isEmpty() && messages.getFirst().role() == Role.SYSTEM ? 1 : 0;
    if (at == messages.size()) {
      throw new BadRow(Reason.WRONG_ROLE_ORDER);
    }
    while (at < messages.size()) {
      if (messages.get(at).role() != Role.USER) {
        throw new BadRow(Reason.WRONG_ROLE_ORDER);
      }
      at = afterAnswer(messages, at + 1);
    }
  }

  /** An assistant answers at once, or after rounds of calls and what tools say to them. */
  private static int afterAnswer(List<Message> messages, int from) throws BadRow {
    int at = from;
    while (at < messages.size() && isCall(messages.get(at))) {
      int afterTools = at + 1;
      while (afterTools < messages.size() && messages.get(afterTools).role() == Role.TOOL) {
        afterTools++;
      }
      if (afterTools == at + 1) { // nobody answers: fine as the last word, a gap anywhere else
        break;
      }
      at = afterTools;
    }
    if (at == messages.size() || messages.get(at).role() != Role.ASSISTANT) {
      throw new BadRow(Reason.WRONG_ROLE_ORDER);
    }
    return at + 1;
  }

  private static boolean isCall(Message message) {
    return message.role() == Role.ASSISTANT && !message.toolCalls().isEmpty();
  }

  private static void checkContent(Message message) throws BadRow {
    String text = message.content();
    if (isBlank(text) && !mayBeBlank(message)) {
      throw new BadRow(message.role() == Role.USER ? Reason.EMPTY_PROMPT : Reason.EMPTY_ANSWER);
    }
    Wording.check(text);
    Wording.check(message.toolCallId());
  }

  private static boolean mayBeBlank(Message message) {
    return message.role() == Role.SYSTEM || message.role() == Role.TOOL || isCall(message);
  }

  /** Also of spaces that do not break, which exports are full of. */
  private static boolean isBlank(String text) {
    int at = 0;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at == text.length();
  }

  private static boolean isSpace(char letter) { // none lies beyond the basic plane
    return Character.isWhitespace(letter) || Character.isSpaceChar(letter);
  }
}
