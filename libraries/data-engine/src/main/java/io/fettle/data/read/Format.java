package io.fettle.data.read;

/** How a file holds its rows. */
public enum Format {
  /** A JSON object a line, with {@code messages}: a list of {@code role} and {@code content}. */
  CHAT_JSONL,
  /** A JSON object a line, whose prompt and completion the mapping names. */
  PROMPT_COMPLETION_JSONL,
  /** A header and rows of RFC 4180, whose prompt and completion columns the mapping names. */
  CSV
}
