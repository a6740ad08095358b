package io.fettle.data.dedup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * The words of texts, a hash each: maximal runs of Unicode letters and digits after composition
 * (NFC) and case folding. Texts are folded to UTF-8 in which every byte is a letter's, a digit's or
 * between words, and looked at eight bytes at a time. For one thread.
 */
public final class Words {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long FIRST = 0x9E3779B97F4A7C15L;
  private static final long NEXT = 0xD6E8FEB86659FD93L;
  private static final int TURN = 29;

  /** The highest bit of each of eight bytes: set where it is a part of no ASCII character. */
  private static final long TOPS = 0x8080808080808080L;

  private static final long LOWS = TOPS >>> (Byte.SIZE - 1);

  /** Times the lowest bit of each byte: these bits side by side, in the highest byte. */
  private static final long GATHER = 0x0102040810204080L;

  /** What tells an ASCII letter from its capital; digits have it too. */
  private static final long CASE = 0x2020202020202020L;

  /** Of eight bytes the first so many. */
  private static final long[] MASKS = new long[Long.BYTES + 1];

  static {
    for (int i = 0; i < Long.BYTES; i++) {
      MASKS[i] = (1L << (i * Byte.SIZE)) - 1;
    }
    MASKS[Long.BYTES] = -1;
  }

  private static final int MOST_BYTES = 3;
  private static final int HIGHEST_BYTE = Long.SIZE - Byte.SIZE;
  private static final int BEHIND = Long.SIZE + Long.BYTES;
  private static final int SURELY_ENOUGH = 1 << 20;

  private byte[] text = new byte[1 << 12];

  /** Where words begin and where they end, in turn. */
  private int[] borders = new int[1 << 12];

  private long[] hashes = new long[1 << 10];
  private int count;

  /** Forgets the texts so far. */
  public void clear() {
    count = 0;
    if (text.length > SURELY_ENOUGH) { // one long text must not cost its size for ever
      text = new byte[1 << 12];
      borders = new int[1 << 12];
      hashes = new long[1 << 10];
    }
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Theirs are the first {@link #count}; until the next text is added. */
  public long[] hashes() {
    return hashes;
  }

  /** Appends a text's words; nothing joins its first to the last of the text before. */
  public void add(String added) {
    var bytes = added.getBytes(UTF_8);
    if (bytes.length == added.length()) { // ASCII
      makeRoom(bytes.length);
      System.arraycopy(bytes, 0, text, 0, bytes.length);
      take(bytes.length);
    } else {
      take(fold(added));
    }
  }

  // --- To bytes

  /** Writes the folded text and says how long it is. */
  private int fold(String added) {
    int length = added.length();
    makeRoom(MOST_BYTES * length);
    int to = 0;
    int token = 0;
    int tokenTo = 0;
    for (int i = 0; i < length; ) {
      char letter = Letters.of(added.charAt(i));
      if (letter == Letters.UNKNOWN) {
        int end = endOfToken(added, i);
        to = write(Text.words(added.substring(token, end)), tokenTo, length - end);
        i = end;
        continue;
      }
      to = write(letter, to);
      i++;
      if (letter == Letters.SPACE) {
        token = i;
        tokenTo = to;
      }
    }
    return to;
  }

  private static int endOfToken(String added, int from) {
    int end = from;
    while (end < added.length() && Letters.of(added.charAt(end)) != Letters.SPACE) {
      end++;
    }
    return end;
  }

  private int write(Iterable<String> words, int at, int charsLeft) {
    var bytes = (String.join(" ", words) + " ").getBytes(UTF_8);
    makeRoom(at + bytes.length + MOST_BYTES * charsLeft);
    System.arraycopy(bytes, 0, text, at, bytes.length);
    return at + bytes.length;
  }

  private int write(char letter, int at) {
    if (letter <= Letters.OTHER) {
      text[at] = ' ';
      return at + 1;
    }
    if (letter < 0x80) {
      text[at] = (byte) letter;
      return at + 1;
    }
    if (letter < 0x800) {
      text[at] = (byte) (0xC0 | (letter >> 6));
      text[at + 1] = (byte) (0x80 | (letter & 0x3F));
      return at + 2;
    }
    text[at] = (byte) (0xE0 | (letter >> 12));
    text[at + 1] = (byte) (0x80 | ((letter >> 6) & 0x3F));
    text[at + 2] = (byte) (0x80 | (letter & 0x3F));
    return at + MOST_BYTES;
  }

  // --- To words

  private void take(int length) {
    Arrays.fill(text, length, length + BEHIND, (byte) ' ');
    int words = findBorders(length) / 2;
    var into = hashes;
    for (int i = 0; i < words; i++) {
      into[count + i] = hash(text, borders[2 * i], borders[2 * i + 1]);
    }
    count += words;
  }

  /** Sixty-four bytes at a time: where borders lie no processor foresees, so it is asked rarely. */
  private int findBorders(int length) {
    var into = borders;
    int found = 0;
    long before = 0;
    for (int at = 0; at <= length; at += Long.SIZE) {
      long inWords = 0;
      for (int i = 0; i < Long.SIZE; i += Long.BYTES) {
        inWords |= ((letters((long) LONGS.get(text, at + i)) * GATHER) >>> HIGHEST_BYTE) << i;
      }
      long changes = inWords ^ ((inWords << 1) | before);
      before = inWords >>> (Long.SIZE - 1);
      while (changes != 0) {
        into[found++] = at + Long.numberOfTrailingZeros(changes);
        changes &= changes - 1;
      }
    }
    return found;
  }

  /** A bit for each byte of words; sums of seven bits never reach the next byte. */
  private static long letters(long bytes) {
    long low = bytes & ~TOPS;
    long folded = low | CASE;
    long fromA = folded + 0x1F1F1F1F1F1F1F1FL;
    long aboveZ = folded + 0x0505050505050505L;
    long from0 = low + 0x5050505050505050L;
    long above9 = low + 0x4646464646464646L;
    return (((fromA & ~aboveZ) | (from0 & ~above9) | bytes) >>> (Byte.SIZE - 1)) & LOWS;
  }

  private static long hash(byte[] text, int from, int to) {
    long hash = folded(text, from, to) * FIRST;
    for (int at = from + Long.BYTES; at < to; at += Long.BYTES) {
      hash = (Long.rotateLeft(hash, TURN) ^ folded(text, at, to)) * NEXT;
    }
    return mixed(hash + to - from);
  }

  /** Up to eight bytes, without case; no more than the word has. */
  private static long folded(byte[] text, int at, int to) {
    long bytes = (long) LONGS.get(text, at);
    long ascii = ~(bytes & TOPS) >>> 2;
    return (bytes | (CASE & ascii)) & MASKS[Math.min(to - at, Long.BYTES)];
  }

  /** Of one word, composed and folded. */
  static long of(String word) {
    var bytes = word.getBytes(UTF_8);
    return hash(Arrays.copyOf(bytes, bytes.length + Long.BYTES), 0, bytes.length);
  }

  /** A text's words as they are compared, composed and folded. */
  public static List<String> texts(String text) {
    return Text.words(text);
  }

  /** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
  public static long mixed(long value) {
    long mixed = value;
    mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }

  /** For a text of so many bytes, and its words. */
  private void makeRoom(int bytes) {
    if (text.length < bytes + BEHIND) {
      text = Arrays.copyOf(text, Math.max(bytes + BEHIND, 2 * text.length));
    }
    if (borders.length < bytes + 2) {
      borders = new int[Math.max(bytes + 2, 2 * borders.length)];
    }
    if (hashes.length < count + bytes / 2 + 1) {
      hashes = Arrays.copyOf(hashes, Math.max(count + bytes / 2 + 1, 2 * hashes.length));
    }
  }
}
