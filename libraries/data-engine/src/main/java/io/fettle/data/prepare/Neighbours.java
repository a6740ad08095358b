package io.fettle.data.prepare;

import io.fettle.data.dedup.Clusters;
import io.fettle.data.dedup.Fingerprint;
import io.fettle.data.dedup.NearDuplicates;
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
 * the user's test rows.
 */
final class Neighbours {
  private final List<Entry> rows;
  private final Map<Integer, Integer> numberOfPlace = new HashMap<>();
  private final Clusters clusters;
  private final BitSet nearTest = new BitSet();
  private int constants;

  private Neighbours(List<Entry> rows) {
    this.rows = rows;
    clusters = new Clusters(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      numberOfPlace.put(rows.get(i).place(), i);
    }
  }

  /** Looks at the texts of these rows, which are in the order of the spool. */
  static Neighbours of(List<Entry> rows, Spool spool) throws IOException {
    var neighbours = new Neighbours(rows);
    neighbours.joinEqualPrompts();
    neighbours.joinGroups();
    neighbours.joinNearDuplicates(spool);
    return neighbours;
  }

  List<Entry> rows() {
    return rows;
  }

  boolean nearTest(Entry row) {
    return nearTest.get(number(row));
  }

  /** Shingles that were ignored because many rows of a source hold them. */
  int constants() {
    return constants;
  }

  /**
   * The clusters of these rows, by first row. A row that was dropped still ties together those that
   * it resembles.
   */
  List<List<Entry>> clustersOf(List<Entry> kept) {
    Set<Entry> wanted = new HashSet<>(kept);
    List<List<Entry>> found = new ArrayList<>();
    for (List<Integer> cluster : clusters.all()) {
      List<Entry> members = cluster.stream().map(rows::get).filter(wanted::contains).toList();
      if (!members.isEmpty()) {
        found.add(members);
      }
    }
    return found;
  }

  private int number(Entry row) {
    Integer number = numberOfPlace.get(row.place());
    if (number == null) {
      throw new IllegalArgumentException(
          "row " + row.id() + " is not among those that were compared");
    }
    return number;
  }

  private void joinEqualPrompts() {
    Map<Fingerprint, Integer> firstInPool = new HashMap<>();
    Set<Fingerprint> inTest = new HashSet<>();
    rows.stream().filter(Entry::inTestSet).map(Entry::prompt).forEach(inTest::add);
    for (int i = 0; i < rows.size(); i++) {
      Entry row = rows.get(i);
      if (row.inTestSet()) {
        continue;
      }
      clusters.join(firstInPool.computeIfAbsent(row.prompt(), _ -> number(row)), i);
      if (inTest.contains(row.prompt())) {
        nearTest.set(i);
      }
    }
  }

  private void joinGroups() {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Entry row = rows.get(i);
      if (!row.inTestSet() && !row.group().isEmpty()) {
        clusters.join(first.computeIfAbsent(row.group(), _ -> number(row)), i);
      }
    }
  }

  private void joinNearDuplicates(Spool spool) throws IOException {
    var near = new NearDuplicates();
    spool.forEach(
        (place, row) -> {
          if (numberOfPlace.containsKey(place)) {
            near.add(row);
          }
        });
    near.forEach(new Joining());
    constants = near.constants();
  }

  /** Test rows tie no rows of the pool together; they only mark them. */
  private final class Joining implements NearDuplicates.Pairs {
    @Override
    public boolean matters(int a, int b) {
      boolean aTest = rows.get(a).inTestSet();
      boolean bTest = rows.get(b).inTestSet();
      if (aTest != bTest) {
        return !nearTest.get(aTest ? b : a);
      }
      return !aTest && !clusters.together(a, b);
    }

    @Override
    public void similar(int a, int b) {
      if (rows.get(a).inTestSet()) {
        nearTest.set(b);
      } else if (rows.get(b).inTestSet()) {
        nearTest.set(a);
      } else {
        clusters.join(a, b);
      }
    }
  }
}
