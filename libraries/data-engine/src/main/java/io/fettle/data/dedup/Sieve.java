package io.fettle.data.dedup;

import io.fettle.data.dedup.NearDuplicates.Column;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Decides in row order which rows stay. The index holds those that stay alone: so a row falls only
 * to one that stays, and a thousand copies cost a thousand comparisons.
 */
final class Sieve {
  private final Compared compared;
  private final Column column;
  private final Function<Column, Index> indexer;
  private final IntPredicate among;
  private final ShingleSets prompts;
  private final ShingleSets responses;
  private final int[] keptFor;
  private final float[] similarity;
  private final Clusters conflicts;
  private final BitSet inConflict = new BitSet();

  /** What the sieve looks at. */
  record Compared(Function<Column, ShingleSets> sets, Prints prints, int percent) {}

  Sieve(Compared compared, Column column, Function<Column, Index> indexer, IntPredicate among) {
    this.compared = compared;
    this.column = column;
    this.indexer = indexer;
    this.among = among;
    prompts = compared.sets().apply(Column.PROMPT);
    responses = compared.sets().apply(Column.RESPONSE);
    int rows = prompts.count();
    keptFor = new int[rows];
    Arrays.fill(keptFor, KeptRows.STAYS);
    similarity = new float[rows];
    conflicts = new Clusters(rows);
  }

  NearDuplicates.Kept run(Sources sources) {
    drop();
    findConflicts();
    return new KeptRows(
        keptFor, similarity, conflicts, inConflict, new KeptRows.Looked(sources, among));
  }

  private void drop() {
    var sets = compared.sets().apply(column);
    var index = indexer.apply(column);
    // Of prompts alone, equal ones may have answers that differ.
    var exactly = column == Column.RESPONSE ? column : Column.WHOLE;
    var equal = new EqualRows(compared.prints(), exactly, keptFor.length);
    for (int row = 0; row < keptFor.length; row++) {
      if (!among.test(row)) {
        continue;
      }
      int same = equal.last(row);
      if (same >= 0) {
        drop(row, same, 1);
      } else if (!isDroppedFor(index.candidates(row), row, sets)) {
        equal.put(row);
        index.put(row);
      }
    }
  }

  private boolean isDroppedFor(Index.Found candidates, int row, ShingleSets sets) {
    if (candidates.size() == 0) {
      return false;
    }
    var set = sets.of(row);
    for (int i = 0; i < candidates.size(); i++) {
      int other = candidates.get(i);
      double found = ShingleSets.similarity(set, sets.of(other), compared.percent());
      if (found >= 0 && !(arePromptsAlike(row, other) && areAnswersApart(row, other))) {
        drop(row, other, found);
        return true;
      }
    }
    return false;
  }

  private void drop(int row, int kept, double found) {
    keptFor[row] = kept;
    similarity[row] = (float) found;
  }

  private void findConflicts() {
    var index = indexer.apply(Column.PROMPT);
    var equal = new EqualRows(compared.prints(), Column.PROMPT, keptFor.length);
    for (int row = 0; row < keptFor.length; row++) {
      if (keptFor[row] != KeptRows.STAYS || !among.test(row)) {
        continue;
      }
      int same = equal.last(row);
      equal.put(row);
      if (same < 0) {
        compareWith(index.candidates(row), row);
        index.put(row);
      } else if (areAnswersApart(row, same)) { // who asks the same has the same neighbours
        conflict(row, same);
      }
    }
  }

  private void compareWith(Index.Found candidates, int row) {
    for (int i = 0; i < candidates.size(); i++) {
      int other = candidates.get(i);
      if (!conflicts.together(row, other)
          && arePromptsAlike(row, other)
          && areAnswersApart(row, other)) {
        conflict(row, other);
      }
    }
  }

  private void conflict(int a, int b) {
    conflicts.join(a, b);
    inConflict.set(a);
    inConflict.set(b);
  }

  private boolean arePromptsAlike(int a, int b) {
    return compared.prints().areEqual(a, b, Column.PROMPT) || areSimilar(prompts, a, b);
  }

  private boolean areAnswersApart(int a, int b) {
    return !compared.prints().areEqual(a, b, Column.RESPONSE) && !areSimilar(responses, a, b);
  }

  private boolean areSimilar(ShingleSets sets, int a, int b) {
    return ShingleSets.similarity(sets.of(a), sets.of(b), compared.percent()) >= 0;
  }
}
