package io.fettle.activities.evaluation.rating;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.fettle.statistics.Agreement;
import io.fettle.statistics.Interval;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What people said of a {@link BlindSheet}. A rater prefers an answer where both rows of its item
 * say so; otherwise the item is a tie of that rater.
 */
public final class Ratings {
  private static final Set<String> WORDS = Set.of("first", "second", "tie");
  private static final double CONFIDENCE = 0.95;

  private final BlindSheet.Key key;
  private final Map<String, Map<String, Double>> byRater = new LinkedHashMap<>();
  private final List<Agreed> agreed = new ArrayList<>();
  private int firsts;
  private int seconds;
  private int consistent;
  private int paired;

  /** Two raters over the items that both rated: Cohen's kappa of ours, tie, theirs. */
  public record Agreed(String one, String other, int items, Interval kappa) {}

  /**
   * What all of it comes to.
   *
   * @param preferences for ours, of every item that anybody rated in both orders: the mean over its
   *     raters of 1, a half and 0
   * @param consistency share of rated items on which a rater's two rows agree
   * @param firstSlot of all decided rows, the share that took the first answer shown
   */
  public record Summary(
      Map<String, Double> preferences,
      double preference,
      double consistency,
      double firstSlot,
      List<Agreed> agreement) {
    public Summary {
      preferences = java.util.Collections.unmodifiableMap(new TreeMap<>(preferences));
      agreement = List.copyOf(agreement);
    }
  }

  public Ratings(BlindSheet.Key key) {
    this.key = key;
  }

  /**
   * Takes one rater's sheet, JSON lines or CSV as it was given out; rows without a word are left
   * out.
   *
   * @throws IllegalArgumentException a sentence with the row, if it holds another word or a row
   *     that is not of this key
   */
  public void add(String rater, String sheet) {
    Map<String, String> said = sheet.strip().startsWith("{") ? lines(sheet) : cells(sheet);
    Map<String, BlindSheet.Key.Entry> entries = new HashMap<>();
    key.entries().forEach(entry -> entries.put(entry.row(), entry));
    Map<String, List<Double>> items = new LinkedHashMap<>();
    said.forEach(
        (row, word) -> {
          BlindSheet.Key.Entry entry = entries.get(row);
          if (entry == null || !(word.isEmpty() || WORDS.contains(word))) {
            throw new IllegalArgumentException(
                "%s's row %s says \"%s\"; a row of this key's sheet, and first, second, tie or nothing"
                    .formatted(rater, row, word));
          }
          if (!word.isEmpty()) {
            items.computeIfAbsent(entry.item(), _ -> new ArrayList<>()).add(value(entry, word));
          }
        });
    Map<String, Double> rated = new TreeMap<>();
    items.forEach((item, both) -> rate(item, both, rated));
    byRater.forEach((other, theirs) -> agree(other, theirs, rater, rated));
    byRater.put(rater, rated);
  }

  private double value(BlindSheet.Key.Entry entry, String word) {
    firsts += word.equals("first") ? 1 : 0;
    seconds += word.equals("second") ? 1 : 0;
    return word.equals("tie") ? 0.5 : word.equals("first") == entry.oursFirst() ? 1 : 0;
  }

  private void rate(String item, List<Double> both, Map<String, Double> rated) {
    if (both.size() < 2) {
      return;
    }
    boolean agrees = both.getFirst().equals(both.getLast());
    paired++;
    consistent += agrees ? 1 : 0;
    rated.put(item, agrees ? both.getFirst() : 0.5);
  }

  private void agree(
      String other, Map<String, Double> theirs, String rater, Map<String, Double> ours) {
    List<String> common = ours.keySet().stream().filter(theirs::containsKey).toList();
    if (!common.isEmpty()) {
      int[] one = common.stream().mapToInt(item -> category(theirs, item)).toArray();
      int[] two = common.stream().mapToInt(item -> category(ours, item)).toArray();
      agreed.add(new Agreed(other, rater, common.size(), Agreement.kappa(one, two, CONFIDENCE)));
    }
  }

  private static int category(Map<String, Double> rated, String item) {
    return (int) Math.round(2 * rated.getOrDefault(item, 0.5));
  }

  public Summary summary() {
    Map<String, List<Double>> items = new TreeMap<>();
    byRater
        .values()
        .forEach(
            rated ->
                rated.forEach(
                    (item, value) ->
                        items.computeIfAbsent(item, _ -> new ArrayList<>()).add(value)));
    Map<String, Double> preferences = new TreeMap<>();
    items.forEach((item, values) -> preferences.put(item, mean(values)));
    return new Summary(
        preferences,
        mean(List.copyOf(preferences.values())),
        paired == 0 ? 1 : consistent / (double) paired,
        firsts + seconds == 0 ? 0.5 : firsts / (double) (firsts + seconds),
        agreed);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0.5);
  }

  private static Map<String, String> lines(String sheet) {
    Map<String, String> said = new LinkedHashMap<>();
    for (String line : sheet.lines().filter(l -> !l.isBlank()).toList()) {
      try {
        JsonNode row = Wire.mapper().readTree(line);
        said.put(row.path("row").asText(), word(row.path("preferred").asText("")));
      } catch (JsonProcessingException broken) {
        throw new IllegalArgumentException(
            "line %d of the sheet is no JSON; save it as it was given out"
                .formatted(said.size() + 1),
            broken);
      }
    }
    return said;
  }

  private static Map<String, String> cells(String sheet) {
    Map<String, String> said = new LinkedHashMap<>();
    try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(sheet)) {
      for (NamedCsvRecord row : csv) {
        // sheet programs drop leading zeros
        String number = "0".repeat(Math.max(0, 5 - row.getField("row").length()));
        said.put(number + row.getField("row"), word(row.getField("preferred")));
      }
    } catch (CsvParseException | java.util.NoSuchElementException | IOException broken) {
      throw new IllegalArgumentException(
          "the sheet cannot be read (%s); columns row and preferred have to be in it"
              .formatted(broken.getMessage()),
          broken);
    }
    return said;
  }

  private static String word(String cell) {
    return cell.strip().toLowerCase(Locale.ROOT);
  }
}
