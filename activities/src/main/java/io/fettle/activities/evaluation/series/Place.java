package io.fettle.activities.evaluation.series;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a run's results stand among others of its name. Hashes are shortened to twelve characters,
 * and no value is a prompt, a label or a row.
 *
 * @param name of the spec
 * @param criteria that its series has in common
 * @param openedBy the first run that was measured by them
 * @param opened whether that is this run
 * @param runs others in this series
 * @param otherItems those of {@code runs} that answered other test rows
 * @param previous criteria of the last result of this name before, where these are others; empty:
 *     there is none
 * @param changes from those to these
 * @param apart runs of other series of this name
 */
public record Place(
    String name,
    String criteria,
    String openedBy,
    boolean opened,
    List<String> runs,
    List<String> otherItems,
    String previous,
    List<Change> changes,
    List<String> apart) {
  private static final int MOST = 8;

  public Place {
    runs = List.copyOf(runs);
    otherItems = List.copyOf(otherItems);
    changes = List.copyOf(changes);
    apart = List.copyOf(apart);
  }

  /**
   * A field of the criteria, such as {@code limits.maxP95Seconds}; {@code none}: it is not there.
   */
  public record Change(String field, String before, String after) {
    @Override
    public String toString() {
      return "%s: %s -> %s".formatted(field, before, after);
    }
  }

  /** What a reader has to know before comparing, a sentence each; nothing in a first series. */
  public List<String> said() {
    List<String> said = new ArrayList<>();
    if (!previous.isEmpty()) {
      said.add(
          "%s: criteria changed (%s); results of %s are of another series and are not compared"
              .formatted(
                  opened ? "new series" : "back in the series that " + openedBy + " opened",
                  changes.isEmpty() ? "their form alone" : listed(changes),
                  listed(apart)));
    }
    if (!otherItems.isEmpty()) {
      said.add(
          "the test rows are others than those of %s, so which model is better cannot be told from these scores"
              .formatted(listed(otherItems)));
    }
    return said;
  }

  private static String listed(List<?> things) {
    String first =
        things.stream().limit(MOST).map(String::valueOf).collect(Collectors.joining(", "));
    return things.size() <= MOST ? first : first + " and %d more".formatted(things.size() - MOST);
  }
}
