package io.fettle.data.prepare;

import io.fettle.data.row.Reason;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps out of the pool whatever the user's test rows hold, nearly hold or share a group with, and
 * what holds an item of theirs or of a benchmark.
 */
final class Decontamination implements Stage {
  private final Neighbours neighbours;
  private final HeldItems held;
  private final Set<String> testGroups;

  Decontamination(Neighbours neighbours, HeldItems held) {
    this.neighbours = neighbours;
    this.held = held;
    testGroups =
        neighbours.rows().stream()
            .filter(Entry::inTestSet)
            .map(Entry::group)
            .filter(group -> !group.isEmpty())
            .collect(Collectors.toCollection(HashSet::new));
  }

  @Override
  public String name() {
    return "decontamination";
  }

  @Override
  public Optional<Reason> objection(Entry row) {
    if (row.inTestSet()) {
      return Optional.empty();
    }
    if (neighbours.nearTest(row)) {
      return Optional.of(Reason.NEAR_TEST);
    }
    return testGroups.contains(row.group())
        ? Optional.of(Reason.GROUP_OF_TEST)
        : held.objection(row);
  }
}
