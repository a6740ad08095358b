package io.fettle.data.tokens;

import java.util.Arrays;
import java.util.Optional;

/**
 * The letters by which GPT-2 writes bytes in a vocabulary: those that can be seen as themselves,
 * the others as those from U+0100 on.
 */
final class ByteLetters {
  private static final int FIRST_OTHER = 0x100;
  private static final char[] LETTERS = letters();
  private static final int[] BYTES = bytes();

  private ByteLetters() {}

  private static char[] letters() {
    var letters = new char[256];
    int others = 0;
    for (int value = 0; value < letters.length; value++) {
      letters[value] = (char) (isSeen(value) ? value : FIRST_OTHER + others++);
    }
    return letters;
  }

  private static boolean isSeen(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }

  private static int[] bytes() {
    var bytes = new int[2 * FIRST_OTHER];
    Arrays.fill(bytes, -1);
    for (int value = 0; value < LETTERS.length; value++) {
      bytes[LETTERS[value]] = value;
    }
    return bytes;
  }

  static char of(int value) {
    return LETTERS[value];
  }

  /** Empty if one of the letters stands for no byte. */
  static Optional<byte[]> bytes(String letters) {
    var bytes = new byte[letters.length()];
    for (int i = 0; i < bytes.length; i++) {
      int value = letters.charAt(i) < BYTES.length ? BYTES[letters.charAt(i)] : -1;
      if (value < 0) {
        return Optional.empty();
      }
      bytes[i] = (byte) value;
    }
    return Optional.of(bytes);
  }
}
