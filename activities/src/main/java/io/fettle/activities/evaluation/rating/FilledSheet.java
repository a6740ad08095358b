package io.fettle.activities.evaluation.rating;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One rater's sheet as it came back: JSON lines, or CSV as a sheet program saves it (commas,
 * semicolons or tabs; without the zeros in front of a row's number).
 *
 * @param sheets the names in it; more than one where sheets were mixed up
 * @param rater as the page noted; empty where nobody said
 * @param words by row; empty where nothing was said
 * @param problems sentences, each with its place; texts of rows are in none of them
 */
record FilledSheet(
    Set<String> sheets, Optional<String> rater, Map<String, String> words, List<String> problems) {
  private static final Set<String> WORDS = Set.of("first", "second", "tie");
  private static final List<String> COLUMNS = List.of("row", "preferred");
  private static final int ROW_DIGITS = 5;
  private static final int LONGEST_SHOWN = 20;

  static FilledSheet of(String text) {
    String whole = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Reading reading = new Reading();
    if (whole.isBlank()) {
      reading.problems.add("is empty");
    } else if (whole.strip().startsWith("{")) {
      lines(whole, reading);
    } else {
      cells(whole, reading);
    }
    return new FilledSheet(reading.sheets, reading.rater, reading.words, reading.problems);
  }

  private static final class Reading {
    private final Set<String> sheets = new TreeSet<>();
    private final Map<String, String> words = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private Optional<String> rater = Optional.empty();

    void row(String place, String sheet, String row, String preferred) {
      String word = preferred.strip().toLowerCase(Locale.ROOT);
      // sheet programs drop leading zeros
      String number = "0".repeat(Math.max(0, ROW_DIGITS - row.strip().length())) + row.strip();
      if (!sheet.isBlank()) {
        sheets.add(sheet.strip());
      }
      if (row.isBlank()) {
        problems.add(place + " has no row number; leave the column row as it was given out");
      } else if (!word.isEmpty() && !WORDS.contains(word)) {
        problems.add(
            "row %s says \"%s\"; first, second, tie or nothing".formatted(number, shown(word)));
      } else {
        said(number, word);
      }
    }

    private void said(String row, String word) {
      String before = words.getOrDefault(row, "");
      if (!before.isEmpty() && !word.isEmpty() && !before.equals(word)) {
        problems.add(
            "row %s stands in it twice, as %s and %s; keep one".formatted(row, before, word));
      } else if (before.isEmpty()) {
        words.put(row, word);
      }
    }
  }

  private static String shown(String word) {
    return word.length() <= LONGEST_SHOWN ? word : word.substring(0, LONGEST_SHOWN) + "\u2026";
  }

  private static void lines(String text, Reading reading) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      JsonNode row = parsed(line);
      if (!row.isObject()) {
        reading.problems.add(
            "line %d is no JSON object; save the sheet as it was given out".formatted(number));
        continue;
      }
      if (!row.path("rater").asText().isBlank()) {
        reading.rater = Optional.of(row.path("rater").asText().strip());
      }
      JsonNode said = row.path("preferred");
      reading.row(
          "line " + number,
          row.path("sheet").asText(),
          row.path("row").asText(),
          said.isNull() || said.isMissingNode()
              ? ""
              : said.isTextual() ? said.asText() : "no word");
    }
  }

  private static JsonNode parsed(String line) {
    try {
      return Wire.mapper().readTree(line);
    } catch (JsonProcessingException broken) {
      return Wire.mapper().nullNode();
    }
  }

  private static void cells(String text, Reading reading) {
    String header = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    try (CsvReader<NamedCsvRecord> csv =
        CsvReader.builder()
            .fieldSeparator(separator(header))
            .missingFieldStrategy(
                FieldMismatchStrategy.IGNORE) // sheet programs drop empty cells at a row's end
            .ofNamedCsvRecord(text)) {
      for (NamedCsvRecord row : csv) {
        if (!row.getHeader().containsAll(COLUMNS)) {
          reading.problems.add(
              "line %d has no columns row and preferred; save the sheet with all its columns"
                  .formatted(row.getStartingLineNumber()));
          return;
        }
        reading.row(
            "line " + row.getStartingLineNumber(),
            row.findField("sheet").orElse(""),
            row.findField("row").orElse(""),
            row.findField("preferred").orElse(""));
      }
      if (reading.words.isEmpty() && reading.problems.isEmpty()) {
        reading.problems.add("has no rows, or no columns row and preferred");
      }
    } catch (CsvParseException | IllegalArgumentException | IOException broken) {
      reading.problems.add("is neither CSV nor JSON lines; save the sheet as it was given out");
    }
  }

  private static char separator(String header) {
    return header.contains(",") ? ',' : header.contains(";") ? ';' : '\t';
  }
}
