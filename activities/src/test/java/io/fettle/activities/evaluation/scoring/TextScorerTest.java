package io.fettle.activities.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextScorerTest {
  private final Overlap overlap = new Overlap();

  @Test
  void text_is_right_up_to_margins_and_composition() throws Exception {
    Marks marks =
        Arms.marks("exact_match", " cafe\u0301 ", "caf\u00e9", "cafe", "caf\u00e9", " ", "x");

    assertThat(marks.rights()).isEqualTo(1);
    assertThat(marks.invalid()).isEqualTo(1);
    assertThat(marks.extras()).containsKeys("rouge_l", "chrf");
  }

  /** Values of rouge-score 0.1.2 and sacreBLEU 2. */
  @Test
  void overlap_is_what_the_usual_implementations_say() {
    says("the cat sat on the mat", "the cat is on the mat", 0.8333333333333334, 0.619251512899325);
    says("A b", "a", 0.6666666666666666, 0);
    says(
        "The quick brown fox jumps over the lazy dog.",
        "A fast brown fox leapt over one lazy dog, quickly.",
        0.5263157894736842,
        0.45374264470987025);
    says("gr\u00f6\u00dfe", "grosse", 0, 0.16301369863013698);
    says("aaaa aaaa", "aaa", 0, 0.32250580046403704);
    says("x", "", 0, 0);
  }

  private void says(String reference, String answer, double rouge, double chrf) {
    assertThat(overlap.rougeL(reference, answer)).as(reference).isCloseTo(rouge, within(1e-9));
    if (chrf > 0) {
      assertThat(overlap.chrf(reference, answer)).as(reference).isCloseTo(chrf, within(1e-9));
    }
  }

  @Test
  void a_long_common_subsequence_is_counted_as_the_slow_way_counts_it() {
    Random random = new Random(7);
    for (int trial = 0; trial < 50; trial++) {
      int[] a = random.ints(1 + random.nextInt(300), 0, 9).toArray();
      int[] b = random.ints(1 + random.nextInt(300), 0, 9).toArray();
      assertThat(Overlap.common(a, b, 9)).as(show(a) + " | " + show(b)).isEqualTo(slowly(a, b));
    }
  }

  private static String show(int[] words) {
    return IntStream.of(words).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }

  private static int slowly(int[] a, int[] b) {
    int[][] length = new int[a.length + 1][b.length + 1];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        length[i + 1][j + 1] =
            a[i] == b[j] ? length[i][j] + 1 : Math.max(length[i][j + 1], length[i + 1][j]);
      }
    }
    return length[a.length][b.length];
  }
}
