package io.fettle.activities.evaluation.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * BERT's uncased tokens: text without case and accents, cut at spaces and punctuation, each word
 * into the longest pieces of the vocabulary (Devlin et al., arXiv 1810.04805, as the Hugging Face
 * tokenizers do it). Safe for concurrent use.
 */
final class WordPieces {
  private static final int LONGEST_WORD = 100;
  private static final String INSIDE = "##";

  private final Map<String, Integer> vocabulary;
  private final int unknown;
  private final int start;
  private final int end;

  /**
   * Of a vocabulary.
   *
   * @param tokenizerJson a {@code tokenizer.json} whose model is WordPiece
   */
  WordPieces(byte[] tokenizerJson) throws IOException {
    JsonNode vocab = Wire.mapper().readTree(tokenizerJson).path("model").path("vocab");
    vocabulary = HashMap.newHashMap(vocab.size());
    vocab.properties().forEach(entry -> vocabulary.put(entry.getKey(), entry.getValue().asInt()));
    unknown = id("[UNK]");
    start = id("[CLS]");
    end = id("[SEP]");
  }

  private int id(String token) throws IOException {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new IOException("the vocabulary has no " + token);
    }
    return id;
  }

  /** At most so many ids, the two around the text among them; what is longer is cut. */
  long[] ids(String text, int most) {
    IntStream.Builder ids = IntStream.builder();
    int room = most - 2;
    for (String word : words(text).split(" ")) {
      if (room > 0 && !word.isEmpty()) {
        int[] pieces = pieces(word);
        IntStream.of(pieces).limit(room).forEach(ids::add);
        room -= pieces.length;
      }
    }
    return IntStream.concat(IntStream.concat(IntStream.of(start), ids.build()), IntStream.of(end))
        .asLongStream()
        .toArray();
  }

  /** Words and single signs of punctuation, a space between any two. */
  private static String words(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFD);
    StringBuilder words = new StringBuilder(plain.length() + 16);
    plain
        .codePoints()
        .forEach(
            point -> {
              if (isSpace(point)) {
                words.append(' ');
              } else if (isCut(point)) {
                words.append(' ').appendCodePoint(Character.toLowerCase(point)).append(' ');
              } else if (!isDropped(point)) {
                words.append(Character.toString(point).toLowerCase(java.util.Locale.ROOT));
              }
            });
    return words.toString();
  }

  private static boolean isSpace(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point);
  }

  private static boolean isDropped(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK,
          Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> point == 0xFFFD;
    };
  }

  /** What is a word of its own: punctuation, every sign of ASCII, and Chinese characters. */
  private static boolean isCut(int point) {
    if (point < 0x80) {
      return point > ' ' && point < 0x7F && !Character.isLetterOrDigit(point);
    }
    return switch (Character.getType(point)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> isChinese(point);
    };
  }

  private static boolean isChinese(int point) {
    return (point >= 0x4E00 && point <= 0x9FFF)
        || (point >= 0x3400 && point <= 0x4DBF)
        || (point >= 0x20000 && point <= 0x2CEAF)
        || (point >= 0xF900 && point <= 0xFAFF)
        || (point >= 0x2F800 && point <= 0x2FA1F);
  }

  private int[] pieces(String word) {
    if (word.codePointCount(0, word.length()) > LONGEST_WORD) {
      return new int[] {unknown};
    }
    IntStream.Builder pieces = IntStream.builder();
    int from = 0;
    while (from < word.length()) {
      int to = longest(word, from);
      if (to == from) {
        return new int[] {unknown};
      }
      pieces.add(vocabulary.getOrDefault(piece(word, from, to), unknown));
      from = to;
    }
    return pieces.build().toArray();
  }

  /** Where the longest piece ends that starts here; here, if there is none. */
  private int longest(String word, int from) {
    int to = word.length();
    while (to > from && !vocabulary.containsKey(piece(word, from, to))) {
      to--;
    }
    return to;
  }

  private static String piece(String word, int from, int to) {
    return (from > 0 ? INSIDE : "") + word.substring(from, to);
  }
}
