package io.fettle.statistics;

import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;

/**
 * A difference of two arms that is no mean over items, such as of two macro-F1.
 *
 * @param difference first arm minus second, of the items at the given indices, with repeats
 * @param differs whether the arms answer an item differently; the fewer do, the less is known
 */
public record Contrast(ToDoubleFunction<int[]> difference, IntPredicate differs) {
  /** Of macro-F1; see {@link Classification#macroF1}. */
  public static Contrast macroF1(int[] truth, int[] first, int[] second) {
    return new Contrast(
        items ->
            Classification.macroF1(truth, first, items)
                - Classification.macroF1(truth, second, items),
        item -> first[item] != second[item]);
  }
}
