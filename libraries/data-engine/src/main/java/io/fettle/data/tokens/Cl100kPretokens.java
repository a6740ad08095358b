package io.fettle.data.tokens;

import static io.fettle.data.tokens.Characters.END;
import static io.fettle.data.tokens.Characters.LETTER;
import static io.fettle.data.tokens.Characters.NEWLINE;
import static io.fettle.data.tokens.Characters.NUMBER;
import static io.fettle.data.tokens.Characters.OTHER;
import static io.fettle.data.tokens.Characters.classAt;

/**
 * Those of cl100k, Llama 3 and Qwen: {@code
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}|
 * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
 *
 * @param digits n
 */
record Cl100kPretokens(int digits) implements Pretokens {
  @Override
  public int end(byte[] text, int from, int to) {
    if (text[from] == '\'') {
      int end = Pretokens.contraction(text, from, to, true);
      if (end > from) {
        return end;
      }
    }
    byte is = classAt(text, from, to);
    if (is == LETTER) {
      return Characters.run(text, from, to, LETTER);
    }
    if (is == NUMBER) {
      return numbers(text, from, to);
    }
    int second = Characters.next(text, from);
    byte following = classAt(text, second, to);
    if (is != NEWLINE && following == LETTER) {
      return Characters.run(text, second, to, LETTER);
    }
    if (is == OTHER) {
      return others(text, second, to);
    }
    return text[from] == ' ' && following == OTHER
        ? others(text, second, to)
        : spaces(text, from, to);
  }

  private int numbers(byte[] text, int from, int to) {
    int at = from;
    for (int count = 0; count < digits && classAt(text, at, to) == NUMBER; count++) {
      at = Characters.next(text, at);
    }
    return at;
  }

  /** With the ends of lines that follow them at once. */
  private static int others(byte[] text, int from, int to) {
    return Characters.run(text, Characters.run(text, from, to, OTHER), to, NEWLINE);
  }

  private static int spaces(byte[] text, int from, int to) {
    int end = Pretokens.spaceRun(text, from, to);
    for (int at = end - 1; at >= from; at--) {
      if (text[at] == '\n' || text[at] == '\r') {
        return at + 1;
      }
    }
    return Pretokens.spaces(text, from, end, classAt(text, end, to) == END);
  }
}
