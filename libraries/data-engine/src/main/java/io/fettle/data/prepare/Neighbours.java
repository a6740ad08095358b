package io.fettle.data.prepare;

import io.fettle.data.dedup.Clusters;
import io.fettle.data.dedup.Fingerprint;
import io.fettle.data.dedup.NearDuplicates;
import io.fettle.data.dedup.NearDuplicates.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which rows belong together: equal prompts, near-duplicates, declared groups; and which lie near
 * the user's test rows. Rows are numbered by their places in the spool.
 */
final class Neighbours {
  private final List<Entry> rows;
  private final NearDuplicates near;
  private final BitSet pool = new BitSet();
  private final BitSet testSet = new BitSet();
  private final BitSet nearTest = new BitSet();
  private final Clusters clusters;

  /**
   * Of some rows.
   *
   * @param rows those that are compared
   * @param near the sketches of all that were read, by place
   */
  Neighbours(List<Entry> rows, NearDuplicates near) {
    this.rows = rows;
    this.near = near;
    clusters = new Clusters(near.rows());
    rows.forEach(row -> (row.inTestSet() ? testSet : pool).set(row.place()));
  }

  /** Which rows of the pool stay where none may be nearly the same as an earlier one. */
  NearDuplicates.Kept kept() throws IOException {
    return near.kept(Column.WHOLE, pool::get);
  }

  /**
   * Joins what belongs together; before the questions below.
   *
   * @param areApart whether of these rows none of the pool is nearly the same as another: then
   *     those that are alike as a whole have like prompts too, and answers that differ
   */
  void join(boolean areApart) throws IOException {
    joinEqualPrompts();
    joinGroups();
    near.pairs(Column.PROMPT, this::isCompared, new Joining());
    if (!areApart || !testSet.isEmpty()) {
      near.pairs(Column.WHOLE, this::isCompared, new Joining());
    }
  }

  private boolean isCompared(int place) {
    return pool.get(place) || testSet.get(place);
  }

  List<Entry> rows() {
    return rows;
  }

  boolean nearTest(Entry row) {
    return nearTest.get(row.place());
  }

  /** Shingles that were ignored because many rows of a source hold them. */
  int constants() {
    return near.constants();
  }

  /**
   * The clusters of these rows, by first row. A row that was dropped still ties together those that
   * it resembles.
   */
  List<List<Entry>> clustersOf(List<Entry> kept) {
    Map<Integer, List<Entry>> found = new HashMap<>();
    List<List<Entry>> inOrder = new ArrayList<>();
    for (Entry row : kept) {
      found
          .computeIfAbsent(
              clusters.of(row.place()),
              _ -> {
                List<Entry> cluster = new ArrayList<>();
                inOrder.add(cluster);
                return cluster;
              })
          .add(row);
    }
    return inOrder;
  }

  private void joinEqualPrompts() {
    Map<Fingerprint, Integer> firstInPool = new HashMap<>();
    Set<Fingerprint> inTest = new HashSet<>();
    rows.stream().filter(Entry::inTestSet).map(Entry::prompt).forEach(inTest::add);
    Map<Fingerprint, Integer> firstInTest = new HashMap<>();
    for (Entry row : rows) {
      if (row.inTestSet()) {
        clusters.join(firstInTest.computeIfAbsent(row.prompt(), _ -> row.place()), row.place());
        continue;
      }
      clusters.join(firstInPool.computeIfAbsent(row.prompt(), _ -> row.place()), row.place());
      if (inTest.contains(row.prompt())) {
        nearTest.set(row.place());
      }
    }
  }

  private void joinGroups() {
    Map<String, Integer> inPool = new HashMap<>();
    Map<String, Integer> inTest = new HashMap<>();
    for (Entry row : rows) {
      if (!row.group().isEmpty()) {
        var first = row.inTestSet() ? inTest : inPool;
        clusters.join(first.computeIfAbsent(row.group(), _ -> row.place()), row.place());
      }
    }
  }

  /**
   * Test rows tie no rows of the pool together; they only mark them, and hang together themselves.
   */
  private final class Joining implements NearDuplicates.Pairs {
    @Override
    public boolean matters(int a, int b) {
      boolean aTest = testSet.get(a);
      if (aTest != testSet.get(b)) {
        return !nearTest.get(aTest ? b : a);
      }
      return !clusters.together(a, b);
    }

    @Override
    public void similar(int a, int b, double similarity) {
      boolean aTest = testSet.get(a);
      if (aTest == testSet.get(b)) {
        clusters.join(a, b);
      } else {
        nearTest.set(aTest ? b : a);
      }
    }
  }
}
