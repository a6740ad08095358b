package io.fettle.data.read;

/**
 * How a file holds its rows. Any of them may be packed with gzip or Zstandard.
 *
 * @param container what its records are
 * @param shape what a record means
 */
public record Format(Container container, Shape shape) {
  public static final Format CHAT_JSONL = new Format(Container.JSONL, Shape.CHAT);
  public static final Format PROMPT_COMPLETION_JSONL =
      new Format(Container.JSONL, Shape.PROMPT_COMPLETION);
  public static final Format CSV = new Format(Container.CSV, Shape.PROMPT_COMPLETION);
  public static final Format TSV = new Format(Container.TSV, Shape.PROMPT_COMPLETION);

  /** What tells one record from the next. */
  public enum Container {
    /** A JSON object a line. */
    JSONL,
    /** A header and records of RFC 4180, each field a text. */
    CSV,
    /** The same with tabs for commas. */
    TSV,
    /** Apache Parquet, with lists and structures. */
    PARQUET;

    /** What stands between two fields of a record; means nothing where records are no lines. */
    char separator() {
      return this == TSV ? '\t' : ',';
    }
  }

  /** Which fields a record has. */
  public enum Shape {
    /** {@code messages}: a list of {@code role} and {@code content}, tool calls as OpenAI's. */
    CHAT,
    /** A prompt and a completion under the names that the mapping gives. */
    PROMPT_COMPLETION,
    /** {@code instruction}, {@code input}, {@code output}. */
    ALPACA,
    /** {@code conversations}: a list of {@code from} and {@code value}. */
    SHAREGPT,
    /** {@code prompt}, {@code chosen}, {@code rejected}: texts, or lists of messages. */
    PREFERENCE
  }
}
