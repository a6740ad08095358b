package io.fettle.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages bytes, by bits and by what formats trip over. */
public final class Noise {
  /** Each means something to one of the formats. */
  private static final List<byte[]> WORDS =
      List.of(
          bytes("\""),
          bytes("\n"),
          bytes("\r"),
          bytes("\r\n"),
          bytes(","),
          bytes("\\"),
          bytes("{"),
          bytes("}"),
          bytes("["),
          bytes("]"),
          bytes(":"),
          bytes("null"),
          bytes("\\ud800"),
          bytes("\\u0000"),
          bytes("\uFEFF"),
          bytes("-1"),
          bytes("1e999"),
          bytes("99999999999999999999"),
          bytes("../"),
          bytes("/"),
          bytes("- "),
          bytes("&a *a"),
          bytes("[".repeat(300)),
          bytes("{\"a\":".repeat(300)),
          bytes("\"\""),
          new byte[] {0},
          new byte[] {(byte) 0xFF},
          new byte[] {(byte) 0xC0, (byte) 0x80},
          new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
          new byte[] {0x1F, (byte) 0x8B},
          new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD},
          bytes("PAR1"));

  private Noise() {}

  /** Some bytes of any kind. */
  public static byte[] bytes(RandomGenerator random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The same with one to six damages; sometimes none of it is as it was. */
  public static byte[] damaged(byte[] sound, RandomGenerator random) {
    byte[] bytes = sound.clone();
    for (int n = random.nextInt(6); n >= 0; n--) {
      bytes = damagedOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] damagedOnce(byte[] bytes, RandomGenerator random) {
    int at = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, at + random.nextInt(40));
    byte[] word = WORDS.get(random.nextInt(WORDS.size()));
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> spliced(bytes, at, at, word);
      case 2 -> spliced(bytes, at, to, word);
      case 3 -> spliced(bytes, at, to, new byte[0]);
      case 4 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
      case 5 -> spliced(bytes, at, to, bytes(random, 1 + to - at));
      default -> flipped(bytes, at, random);
    };
  }

  private static byte[] flipped(byte[] bytes, int at, RandomGenerator random) {
    if (at < bytes.length) {
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] with) {
    var spliced = new ByteArrayOutputStream(bytes.length + with.length);
    spliced.write(bytes, 0, from);
    spliced.writeBytes(with);
    spliced.write(bytes, to, bytes.length - to);
    return spliced.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
