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
    int first = !messages.isEmpty() && messages.getFirst().role() == Role.SYSTEM ? 1 : 0;
    int turns = messages.size() - first;
    if (turns < 2 || turns % 2 != 0) {
      throw new BadRow(Reason.WRONG_ROLE_ORDER);
    }
    for (int i = 0; i < turns; i++) {
      Role expected = i % 2 == 0 ? Role.USER : Role.ASSISTANT;
      if (messages.get(first + i).role() != expected) {
        throw new BadRow(Reason.WRONG_ROLE_ORDER);
      }
    }
  }

  private static void checkContent(Message message) throws BadRow {
    String text = message.content();
    if (isBlank(text) && message.role() != Role.SYSTEM) {
      throw new BadRow(message.role() == Role.USER ? Reason.EMPTY_PROMPT : Reason.EMPTY_ANSWER);
    }
    if (text.indexOf('\0') >= 0) {
      throw new BadRow(Reason.NUL_BYTE);
    }
    if (hasLoneSurrogate(text)) {
      throw new BadRow(Reason.LONE_SURROGATE);
    }
  }

  /** Also of spaces that do not break, which exports are full of. */
  private static boolean isBlank(String text) {
    return text.codePoints()
        .allMatch(point -> Character.isWhitespace(point) || Character.isSpaceChar(point));
  }

  /** JSON can escape one half of a surrogate pair; no UTF-8 can hold it. */
  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }
}
