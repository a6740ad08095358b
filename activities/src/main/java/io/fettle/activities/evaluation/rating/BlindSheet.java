package io.fettle.activities.evaluation.rating;

import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Pairs of answers for people to choose from. Each item stands in the sheet twice, once in each
 * order, in rows that are shuffled and named by nothing but their number; which arm is which is in
 * the key alone.
 *
 * @param rows in the sheet's order
 * @param key what each row was, to be kept from those who rate
 */
public record BlindSheet(List<Row> rows, Key key) {
  /** What a sheet program takes for a formula at the start of a cell. */
  private static final String FORMULA = "=+-@\t\r";

  private static final int NAME_DIGITS = 12;

  private static final List<String> COLUMNS =
      List.of("sheet", "row", "question", "first", "second", "preferred");

  public BlindSheet {
    rows = List.copyOf(rows);
  }

  /**
   * A row.
   *
   * @param sheet the sheet's name, by which its key is found
   * @param preferred {@code first}, {@code second} or {@code tie}; empty until somebody says
   */
  public record Row(
      String sheet, String row, String question, String first, String second, String preferred) {}

  /**
   * What the rows were.
   *
   * @param sheet {@code s} and 12 hexadecimal digits of its content's hash: equal sheets have equal
   *     names, and no sheet program takes one for a number
   * @param ours the arm whose preference is counted
   * @param theirs the other
   */
  public record Key(String sheet, String ours, String theirs, List<Entry> entries) {
    public Key {
      entries = List.copyOf(entries);
    }

    /** One row: its item, and whether ours stood first. */
    public record Entry(String row, String item, boolean oursFirst) {}
  }

  /**
   * A sheet of some of the items. Equal arguments make equal sheets.
   *
   * @param names of the arms, ours first
   * @param most items, drawn by the seed from those whose answers differ
   * @throws IllegalArgumentException if the arms are not of the same items
   */
  public static BlindSheet of(
      List<String> names, List<Answer> ours, List<Answer> theirs, int most, long seed)
      throws IOException {
    List<Integer> differing = differing(ours, theirs);
    Random random = new Random(seed);
    Collections.shuffle(differing, random);
    List<Draft> drafts = new ArrayList<>();
    for (int item : differing.subList(0, Math.min(most, differing.size()))) {
      drafts.add(new Draft(ours.get(item), theirs.get(item), true));
      drafts.add(new Draft(ours.get(item), theirs.get(item), false));
    }
    Collections.shuffle(drafts, random);
    List<Key.Entry> entries = new ArrayList<>();
    for (Draft draft : drafts) {
      String row = "%05d".formatted(entries.size() + 1);
      entries.add(new Key.Entry(row, draft.ours().id(), draft.oursFirst()));
    }
    String content = Wire.mapper().writeValueAsString(List.of(names, entries, drafts));
    String hash = Stores.sha256(content.getBytes(StandardCharsets.UTF_8));
    Key key =
        new Key("s" + hash.substring(0, NAME_DIGITS), names.getFirst(), names.getLast(), entries);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      rows.add(drafts.get(i).row(key.sheet(), entries.get(i).row()));
    }
    return new BlindSheet(rows, key);
  }

  private record Draft(Answer ours, Answer theirs, boolean oursFirst) {
    Row row(String sheet, String row) {
      Answer first = oursFirst ? ours : theirs;
      Answer second = oursFirst ? theirs : ours;
      return new Row(sheet, row, ours.question(), first.answer(), second.answer(), "");
    }
  }

  private static List<Integer> differing(List<Answer> ours, List<Answer> theirs) {
    List<Integer> differing = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      boolean isSame = i < theirs.size() && ours.get(i).id().equals(theirs.get(i).id());
      if (!isSame || ours.size() != theirs.size()) {
        throw new IllegalArgumentException(
            "two arms of %d and %d answers are not of the same items in the same order; answer both anew"
                .formatted(ours.size(), theirs.size()));
      }
      if (!ours.get(i).answer().strip().equals(theirs.get(i).answer().strip())) {
        differing.add(i);
      }
    }
    return differing;
  }

  /** The rows as JSON lines. */
  public String jsonl() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Row row : rows) {
      lines.append(Wire.mapper().writeValueAsString(row)).append('\n');
    }
    return lines.toString();
  }

  /** The rows as CSV; a cell that a sheet program would compute begins with an apostrophe. */
  public String csv() throws IOException {
    StringWriter text = new StringWriter();
    try (var csv = de.siegmar.fastcsv.writer.CsvWriter.builder().build(text)) {
      csv.writeRecord(COLUMNS);
      for (Row row : rows) {
        csv.writeRecord(
            row.sheet(),
            row.row(),
            plain(row.question()),
            plain(row.first()),
            plain(row.second()),
            "");
      }
    }
    return text.toString();
  }

  /**
   * A page on which one rates in a browser and saves what was said as JSON lines. It loads nothing,
   * and its own policy forbids it to.
   */
  public String html() throws IOException {
    return RatingPage.of(this);
  }

  private static String plain(String cell) {
    boolean computes = !cell.isEmpty() && FORMULA.indexOf(cell.charAt(0)) >= 0;
    return computes ? "'" + cell : cell;
  }
}
