package io.fettle.data.row;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One conversation to learn from: at most one system turn first, then user and assistant in turn,
 * an assistant last. Between an assistant's calls and its answer lie the tools' turns.
 *
 * @param source the name of the file it came from
 * @param line the line on which it starts, from 1
 * @param messages the turns, never empty
 * @param group what must stay on one side of the split; empty where none is declared
 * @param rejected an answer that the last one is preferred to; empty where there is none
 * @param tools what the assistant may call, as a JSON list in OpenAI's form; empty where there are
 *     none
 * @param batch what it came in, as an export or an annotator; empty where none is declared
 */
public record Row(
    String source,
    long line,
    List<Message> messages,
    String group,
    String rejected,
    String tools,
    String batch) {
  public Row(
      String source,
      long line,
      List<Message> messages,
      String group,
      String rejected,
      String tools) {
    this(source, line, messages, group, rejected, tools, "");
  }

  public Row(String source, long line, List<Message> messages, String group) {
    this(source, line, messages, group, "", "", "");
  }

  public Row {
    messages = List.copyOf(messages);
  }

  /** The same, whose answer is preferred to another one. */
  public Row over(String worse) {
    return new Row(source, line, messages, group, worse, tools, batch);
  }

  /** The same, with tools to call. */
  public Row withTools(String declared) {
    return new Row(source, line, messages, group, rejected, declared, batch);
  }

  /** The same, of that batch. */
  public Row in(String declared) {
    return declared.equals(batch)
        ? this
        : new Row(source, line, messages, group, rejected, tools, declared);
  }

  /** Unique within a dataset, and enough to find the row again. */
  public String id() {
    return source + ":" + line;
  }

  /** The system turn's text, empty where there is none. */
  public String system() {
    Message first = messages.getFirst();
    return first.role() == Role.SYSTEM ? first.content() : "";
  }

  /** Everything that was said before the last answer, without the system turn. */
  public String prompt() {
    if (messages.size() == 2 && messages.getFirst().role() != Role.SYSTEM) {
      return messages.getFirst().content(); // most rows
    }
    return messages.subList(0, messages.size() - 1).stream()
        .filter(message -> message.role() != Role.SYSTEM)
        .map(Message::content)
        .collect(Collectors.joining("\n"));
  }

  /** The last answer. */
  public String response() {
    return messages.getLast().content();
  }
}
