package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlocksTest {
  @Test
  void blocks_hold_whole_lines_with_their_numbers_whatever_their_size() throws IOException {
    for (int seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      List<String> lines = lines(random);
      String text = String.join("\n", lines) + (random.nextBoolean() ? "\n" : "");
      int usual = 1 + random.nextInt(30);
      int longest = usual + random.nextInt(20);

      assertThat(read(text, usual, longest, random))
          .as("seed %d", seed)
          .isEqualTo(told(lines, longest));
    }
  }

  private static List<String> lines(Random random) {
    List<String> lines = new ArrayList<>();
    for (int i = random.nextInt(20); i >= 0; i--) {
      lines.add("x".repeat(1 + random.nextInt(random.nextInt(5) == 0 ? 120 : 12)));
    }
    return lines;
  }

  private static List<String> told(List<String> lines, int longest) {
    List<String> told = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      boolean fits = lines.get(i).length() <= longest;
      told.add((i + 1) + " " + (fits ? lines.get(i) : "too long"));
    }
    return told;
  }

  private static List<String> read(String text, int usual, int longest, Random random)
      throws IOException {
    List<String> read = new ArrayList<>();
    InputStream in = slow(text.getBytes(StandardCharsets.UTF_8), random);
    try (var blocks = new Blocks("rows", in, usual, longest)) {
      for (Optional<Blocks.Block> next = blocks.next(); next.isPresent(); next = blocks.next()) {
        Blocks.Block block = next.get();
        long number = block.firstLine();
        if (block.isTooLong()) {
          read.add(number + " too long");
          continue;
        }
        String content = new String(block.bytes(), 0, block.length(), StandardCharsets.UTF_8);
        for (String line : content.lines().toList()) {
          read.add(number++ + " " + line);
        }
      }
    }
    return read;
  }

  /** Gives a few bytes at a time, as a network does. */
  private static InputStream slow(byte[] bytes, Random random) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        return super.read(into, from, Math.min(length, 1 + random.nextInt(9)));
      }
    };
  }
}
