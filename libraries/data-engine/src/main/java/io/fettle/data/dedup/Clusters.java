package io.fettle.data.dedup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Disjoint sets of rows, by number; what is joined stays joined. */
public final class Clusters {
  private final int[] parent;

  /** Every row alone. */
  public Clusters(int rows) {
    parent = IntStream.range(0, rows).toArray();
  }

  /** Puts two rows, and whatever each is joined with, into one cluster. */
  public void join(int a, int b) {
    int first = root(a);
    int second = root(b);
    parent[Math.max(first, second)] = Math.min(first, second);
  }

  /** Whether two rows are in one cluster. */
  public boolean together(int a, int b) {
    return root(a) == root(b);
  }

  /** The first row of a row's cluster, which names it. */
  public int of(int row) {
    return root(row);
  }

  /** The clusters by their first row, the rows in each ascending. */
  public Collection<List<Integer>> all() {
    Map<Integer, List<Integer>> byRoot = new LinkedHashMap<>();
    for (int row = 0; row < parent.length; row++) {
      byRoot.computeIfAbsent(root(row), _ -> new ArrayList<>()).add(row);
    }
    return byRoot.values();
  }

  private int root(int row) {
    int at = row;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }
}
