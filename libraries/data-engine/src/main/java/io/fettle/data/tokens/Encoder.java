package io.fettle.data.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Encodes texts, without the tokens that a model puts before or after them. For one thread. */
public final class Encoder {
  private static final int FIRST_BUFFER = 1 << 16;

  private final Tokenizer.Parts parts;
  private final BytePairs pairs;
  private final PretokenCache cache;
  private byte[] buffer = new byte[FIRST_BUFFER];

  Encoder(Tokenizer.Parts parts) {
    this.parts = parts;
    this.pairs = new BytePairs(parts.merges(), parts.whole());
    this.cache = new PretokenCache(pairs);
  }

  /** Takes a text in its parts: between added tokens, and those. */
  interface Visitor {
    /** Text as it stands, not yet composed. */
    void text(byte[] bytes, int from, int to);

    void added(int from, int to, int token);
  }

  /** How many tokens a text is; special tokens that are written in it count as one each. */
  public int count(String text) {
    var counter = new Counter();
    visit(text, counter);
    return counter.count;
  }

  /** The tokens of a text. */
  public int[] encode(String text) {
    var tokens = new Tokens();
    visit(text, tokens);
    return tokens.all.build().toArray();
  }

  private final class Counter implements Visitor {
    private int count;

    @Override
    public void text(byte[] bytes, int from, int to) {
      var composed = composed(bytes, from, to);
      count += composed == null ? all(bytes, from, to) : all(composed, 0, unpadded(composed));
    }

    private int all(byte[] bytes, int from, int to) {
      int sum = 0;
      for (int at = from; at < to; ) {
        int end = end(bytes, at, to);
        sum += count(bytes, at, end);
        at = end;
      }
      return sum;
    }

    @Override
    public void added(int from, int to, int token) {
      count++;
    }
  }

  private final class Tokens implements Visitor {
    private final IntStream.Builder all = IntStream.builder();

    @Override
    public void text(byte[] bytes, int from, int to) {
      var composed = composed(bytes, from, to);
      if (composed == null) {
        encode(bytes, from, to);
      } else {
        encode(composed, 0, unpadded(composed));
      }
    }

    private void encode(byte[] bytes, int from, int to) {
      for (int at = from; at < to; ) {
        int end = end(bytes, at, to);
        int count = pairs.encode(bytes, at, end);
        for (int i = 0; i < count; i++) {
          all.add(pairs.token(i));
        }
        at = end;
      }
    }

    @Override
    public void added(int from, int to, int token) {
      all.add(token);
    }
  }

  private void visit(String text, Visitor visitor) {
    var bytes = text.getBytes(UTF_8);
    int needed = bytes.length + PretokenCache.PADDING;
    if (buffer.length < needed) {
      buffer = new byte[Math.max(needed, 2 * buffer.length)];
    }
    System.arraycopy(bytes, 0, buffer, 0, bytes.length);
    visit(buffer, bytes.length, visitor);
  }

  // --- For those that keep their own buffer

  /**
   * Takes a text apart.
   *
   * @param bytes well-formed UTF-8 with {@link PretokenCache#PADDING} bytes after it
   */
  void visit(byte[] bytes, int length, Visitor visitor) {
    var added = parts.added();
    for (int at = 0; at < length; ) {
      int found = added.find(bytes, at, length);
      if (found > at) {
        visitor.text(bytes, at, found);
      }
      at = found;
      if (found < length) {
        var token = added.at(bytes, found, length);
        at = found + token.length();
        visitor.added(found, at, token.id());
      }
    }
  }

  /** Where the piece ends that begins at {@code at}. */
  int end(byte[] bytes, int at, int to) {
    return parts.pretokens().end(bytes, at, to);
  }

  /** How many tokens a piece is. */
  int count(byte[] bytes, int from, int to) {
    return cache.count(bytes, from, to);
  }

  /** The text in NFC and padded, if the tokenizer wants it so and it is not: null if it stays. */
  byte @Nullable [] composed(byte[] bytes, int from, int to) {
    if (!parts.composed() || isAscii(bytes, from, to)) {
      return null;
    }
    var text = new String(bytes, from, to - from, UTF_8);
    if (Normalizer.isNormalized(text, Form.NFC)) {
      return null;
    }
    var composed = Normalizer.normalize(text, Form.NFC).getBytes(UTF_8);
    return Arrays.copyOf(composed, composed.length + PretokenCache.PADDING);
  }

  static int unpadded(byte[] composed) {
    return composed.length - PretokenCache.PADDING;
  }

  private static boolean isAscii(byte[] bytes, int from, int to) {
    int all = 0;
    for (int at = from; at < to; at++) {
      all |= bytes[at];
    }
    return all >= 0;
  }
}
