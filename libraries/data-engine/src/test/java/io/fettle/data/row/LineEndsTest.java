package io.fettle.data.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineEndsTest {
  @Test
  void line_feeds_are_found_and_counted_wherever_they_lie() {
    var random = new Random(2);
    for (int trial = 0; trial < 20_000; trial++) {
      var bytes = new byte[random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        int draw = random.nextInt(6);
        bytes[i] = draw == 0 ? (byte) '\n' : draw == 1 ? (byte) 0x8A : (byte) random.nextInt();
      }
      int from = random.nextInt(bytes.length + 1);
      int to = from + random.nextInt(bytes.length - from + 1);
      int next = from;
      while (next < to && bytes[next] != '\n') {
        next++;
      }
      int count = 0;
      for (int i = 0; i < to; i++) {
        count += bytes[i] == '\n' ? 1 : 0;
      }

      assertThat(LineEnds.next(bytes, from, to)).isEqualTo(next);
      assertThat(LineEnds.count(bytes, to)).isEqualTo(count);
    }
  }
}
