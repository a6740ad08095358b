package io.fettle.data.row;

/**
 * One turn of a conversation.
 *
 * @param content may be empty where there are calls
 * @param toolCalls the calls that an assistant makes, as a JSON list in OpenAI's form whose
 *     arguments are objects; empty where there are none
 * @param toolCallId which call a tool answers; empty where that is not said
 */
public record Message(Role role, String content, String toolCalls, String toolCallId) {
  public Message(Role role, String content) {
    this(role, content, "", "");
  }
}
