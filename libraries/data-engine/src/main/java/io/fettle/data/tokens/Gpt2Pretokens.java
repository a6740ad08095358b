package io.fettle.data.tokens;

import static io.fettle.data.tokens.Characters.END;
import static io.fettle.data.tokens.Characters.LETTER;
import static io.fettle.data.tokens.Characters.NUMBER;
import static io.fettle.data.tokens.Characters.OTHER;
import static io.fettle.data.tokens.Characters.classAt;

/**
 * GPT-2's: {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}.
 *
 * @param digitsAlone whether each digit is cut out first, as SmolLM does; what stands before one is
 *     then at the end of its text
 */
record Gpt2Pretokens(boolean digitsAlone) implements Pretokens {
  @Override
  public int end(byte[] text, int from, int to) {
    byte first = text[from];
    if (first == '\'') {
      int end = Pretokens.contraction(text, from, to, false);
      if (end > from) {
        return end;
      }
    }
    int at = first == ' ' ? from + 1 : from;
    byte is = classAt(text, at, to);
    if (is == LETTER || is == OTHER) {
      return Characters.run(text, at, to, is);
    }
    if (is == NUMBER && !digitsAlone) {
      return Characters.run(text, at, to, NUMBER);
    }
    if (is == NUMBER && at == from) {
      return Characters.next(text, at);
    }
    int end = Pretokens.spaceRun(text, from, to);
    byte after = classAt(text, end, to);
    return Pretokens.spaces(text, from, end, after == END || (digitsAlone && after == NUMBER));
  }
}
