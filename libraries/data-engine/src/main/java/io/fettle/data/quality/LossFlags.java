package io.fettle.data.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows whose prompt helps a base model less to the answer than it helps their peers, as it does
 * where the answer belongs to another prompt. Only a flag: rows that are rare or hard look the
 * same, so nothing is dropped for it.
 *
 * <p>What is compared is the answer's loss with the prompt less half of its loss without. The first
 * alone is mostly how odd an answer is, the whole difference mostly noise of the second. Peers are
 * the rows of the source with the same answer, where these are many (a label); else all rows of the
 * source. Holds all losses.
 */
public final class LossFlags {
  /** Of a label that is compared with itself alone. */
  private static final int LEAST_OF_LABEL = 8;

  /** Fewer rows have no peers. */
  private static final int LEAST_OF_SOURCE = 20;

  private static final int LONGEST_LABEL = 200;

  /** Of the loss without a prompt, what is taken off: measured on labels and on free answers. */
  private static final double SHARE = 0.5;

  /** Makes the median absolute deviation of normal numbers their standard deviation. */
  private static final double NORMAL = 1.4826;

  /** In nats a token: peers that agree to less than that agree. */
  private static final double LEAST_SPREAD = 0.05;

  private LossFlags() {}

  /**
   * What the base model made of a row.
   *
   * @param with nats a token of the answer after its prompt
   * @param without nats a token of the answer after nothing
   */
  public record Loss(String id, String source, String answer, double with, double without) {}

  /**
   * How a row stands among its peers.
   *
   * @param excess how much less its prompt helps than the median peer's, in standard deviations of
   *     its source (from the median deviation)
   * @param peers how many there are, the row included
   * @param ofLabel whether they have the same answer
   */
  public record Standing(String id, String source, double excess, int peers, boolean ofLabel) {}

  /** All rows that have peers, the oddest first. */
  public static List<Standing> standings(List<Loss> losses) {
    List<Standing> standings = new ArrayList<>();
    Map<String, List<Loss>> sources = new TreeMap<>();
    losses.forEach(
        loss -> sources.computeIfAbsent(loss.source(), _ -> new ArrayList<>()).add(loss));
    sources.values().stream()
        .filter(source -> source.size() >= LEAST_OF_SOURCE)
        .forEach(source -> add(source, standings));
    standings.sort(
        Comparator.comparingDouble(Standing::excess).reversed().thenComparing(Standing::id));
    return standings;
  }

  /**
   * The rows that stand further off than that, the oddest first.
   *
   * @param least in standard deviations; 3 is usual
   */
  public static List<Standing> flagged(List<Loss> losses, double least) {
    return standings(losses).stream().filter(row -> row.excess() >= least).toList();
  }

  private static String label(Loss loss) {
    return loss.answer().strip().toLowerCase(Locale.ROOT);
  }

  private static void add(List<Loss> source, List<Standing> standings) {
    Map<String, List<Loss>> labels = new HashMap<>();
    source.forEach(loss -> labels.computeIfAbsent(label(loss), _ -> new ArrayList<>()).add(loss));
    double middle = median(source.stream().mapToDouble(LossFlags::unhelped).toArray());
    double[] off = new double[source.size()];
    int[] peers = new int[source.size()];
    Map<String, Double> middles = new HashMap<>();
    for (int i = 0; i < off.length; i++) {
      var loss = source.get(i);
      var same = labels.getOrDefault(label(loss), List.of());
      boolean ofLabel = same.size() >= LEAST_OF_LABEL && loss.answer().length() <= LONGEST_LABEL;
      double center =
          ofLabel
              ? middles.computeIfAbsent(
                  label(loss),
                  _ -> median(same.stream().mapToDouble(LossFlags::unhelped).toArray()))
              : middle;
      off[i] = unhelped(loss) - center;
      peers[i] = ofLabel ? same.size() : 0;
    }
    double deviation =
        Math.max(LEAST_SPREAD, NORMAL * median(Arrays.stream(off).map(Math::abs).toArray()));
    for (int i = 0; i < off.length; i++) {
      var loss = source.get(i);
      boolean ofLabel = peers[i] > 0;
      standings.add(
          new Standing(
              loss.id(),
              loss.source(),
              off[i] / deviation,
              ofLabel ? peers[i] : source.size(),
              ofLabel));
    }
  }

  private static double unhelped(Loss loss) {
    return loss.with() - SHARE * loss.without();
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
