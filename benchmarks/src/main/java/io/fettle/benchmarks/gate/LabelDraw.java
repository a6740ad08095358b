package io.fettle.benchmarks.gate;

import java.util.SplittableRandom;

/**
 * Labels of a test set and two arms' answers, where the arms' macro-F1 differ by a given amount.
 * The rarest of four labels has a tenth of the items. Items of a cluster are drawn by Polya's urn.
 */
final class LabelDraw {
  private static final double[] SHARES = {0.4, 0.3, 0.2, 0.1};
  private static final double ACCURACY = 0.8;

  /** Where both arms err, they answer alike so often, and otherwise by chance. */
  private static final double SAME_ERROR = 0.7;

  private static final int HALVINGS = 60;

  private final Cell cell;
  private final double wins;
  private final double losses;
  private final int[] sizes;

  /** Labels, and answers of both arms; one an item. */
  final int[] truth;

  final int[] first;
  final int[] second;

  LabelDraw(Cell cell) {
    this.cell = cell;
    sizes = cell.sizes();
    double gain = gain(cell);
    wins = (cell.discordance() + gain) / 2;
    losses = (cell.discordance() - gain) / 2;
    truth = new int[cell.items()];
    first = new int[cell.items()];
    second = new int[cell.items()];
  }

  /** The difference of accuracies that makes the one of macro-F1 the cell's margin. */
  private static double gain(Cell cell) {
    double low = -cell.discordance();
    double high = cell.discordance();
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (macroF1(ACCURACY + middle) - macroF1(ACCURACY) < cell.margin()) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** Of an endless test set, where errors fall on the other labels alike. */
  private static double macroF1(double accuracy) {
    double sum = 0;
    for (double share : SHARES) {
      double claimed = share * accuracy + (1 - share) * (1 - accuracy) / (SHARES.length - 1);
      sum += 2 * share * accuracy / (share + claimed);
    }
    return sum / SHARES.length;
  }

  void draw(SplittableRandom random) {
    double fresh = (1 - cell.likeness()) / cell.likeness();
    int start = 0;
    for (int size : sizes) {
      for (int i = 0; i < size; i++) {
        if (i > 0 && random.nextDouble() * (fresh + i) < i) {
          copy(start + i, start + random.nextInt(i));
        } else {
          drawItem(start + i, random);
        }
      }
      start += size;
    }
  }

  private void copy(int to, int from) {
    truth[to] = truth[from];
    first[to] = first[from];
    second[to] = second[from];
  }

  private void drawItem(int item, SplittableRandom random) {
    double drawn = random.nextDouble();
    int label = 0;
    while (label < SHARES.length - 1 && drawn >= SHARES[label]) {
      drawn -= SHARES[label];
      label++;
    }
    int error = wrong(label, random);
    int other = random.nextDouble() < SAME_ERROR ? error : wrong(label, random);
    double which = random.nextDouble();
    boolean firstRight = which < wins || (which >= wins + losses && which < wins + ACCURACY);
    boolean secondRight = which >= wins && which < wins + ACCURACY;
    truth[item] = label;
    first[item] = firstRight ? label : error;
    second[item] = secondRight ? label : other;
  }

  private static int wrong(int label, SplittableRandom random) {
    return (label + 1 + random.nextInt(SHARES.length - 1)) % SHARES.length;
  }
}
