package io.fettle.data.tokens;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A byte-level BPE tokenizer as the families of GPT-2, SmolLM, Llama 3 and Qwen have it: equal to
 * the model's own, token for token. Immutable; {@link #encoder} gives each thread its own.
 */
public final class Tokenizer {
  private final Parts parts;

  Tokenizer(Parts parts) {
    this.parts = parts;
  }

  /**
   * What a tokenizer is made of.
   *
   * @param whole pieces that are one token whatever the merges say, by their bytes as Latin-1
   * @param composed whether a text is brought to NFC first
   */
  record Parts(
      Pretokens pretokens,
      Merges merges,
      Map<String, Integer> whole,
      AddedTokens added,
      boolean composed) {}

  /** A tokenizer of another kind: its own library must count. */
  public static final class Unsupported extends IOException {
    private static final long serialVersionUID = 1;

    Unsupported(Path file, String what) {
      super(
          "%s %s; only byte-level BPE of the families of GPT-2, SmolLM, Llama 3 and Qwen is counted here"
              .formatted(file, what));
    }
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @throws Unsupported if its model is of another kind
   * @throws IOException a sentence, if it is none
   */
  public static Tokenizer ofJson(Path file) throws IOException {
    return new TokenizerJson(file).read();
  }

  /**
   * Reads a file of ranks, as tiktoken has them: a token in base64, a space and its rank a line.
   *
   * @param digits of a number that stay together; 0 for GPT-2's way of cutting
   * @param added special tokens with their ids
   * @throws IOException a sentence, if it is none
   */
  public static Tokenizer ofRanks(Path file, int digits, Map<String, Integer> added)
      throws IOException {
    return RankFile.read(file, digits, added);
  }

  /** One that works. */
  public Encoder encoder() {
    return new Encoder(parts);
  }
}
