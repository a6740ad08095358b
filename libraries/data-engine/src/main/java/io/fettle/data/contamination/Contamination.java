package io.fettle.data.contamination;

import io.fettle.data.contamination.Common.Shared;
import io.fettle.data.contamination.Items.Text;
import io.fettle.data.contamination.RowWords.Range;
import io.fettle.data.dedup.Words;
import io.fettle.data.read.Source;
import io.fettle.data.row.Message;
import io.fettle.data.row.Row;
import io.fettle.data.row.Tally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which rows hold items of benchmarks, or of a test set, and where.
 *
 * <p>A row holds an item whose prompt is, word for word, the row's prompt or a turn of its user (of
 * five words and more). It also holds one of whose prompt it has
 *
 * <ul>
 *   <li>at least 80 % of the words, all of them where they are fewer than 13, in common word
 *       8-grams; or
 *   <li>50 words on end.
 * </ul>
 *
 * The same goes for a benchmark's answers of 50 words and more; shorter ones are labels, and what a
 * test set answers is often said to other questions. Coverage by 8-grams of one row is that of Tülu
 * 3 (arXiv 2411.15124); the 80 %, and that short items match wholly, are decon's (allenai/decon);
 * 50 words on end is the bound for a copy of Lee et al. (arXiv 2107.06499).
 *
 * <p>Words are those of {@link Words}. An 8-gram in more than 5 % of the rows of a source or of the
 * items of a file, and in 20 at least, counts for nothing, and neither do the words in it: so an
 * instruction that both sides put before every question contaminates nobody. Nor does one count
 * that an item repeats more than eight times.
 *
 * <p>Rows come first ({@link #met} by any threads, {@link #count} by one, in order), then the
 * questions. Takes up to 64 bytes a word of the items and four an 8-gram more, whatever the number
 * of rows.
 */
public final class Contamination {
  private static final int PERCENT = 80;
  private static final int FEW_WORDS = 13;
  private static final int COPIED = 50;

  /** Buffers, which are dear to make for a row. */
  private static final ThreadLocal<RowWords> WORDS = ThreadLocal.withInitial(RowWords::new);

  private final Items items;
  private final BitSet constantInItems;
  private final BitSet constants = new BitSet();
  private final int[] rowsWith;
  private String source = "";
  private long rows;

  /** What a row has in common with the items at first sight. */
  public static final class Met {
    private static final Met NOTHING = new Met(new int[0], false);

    private final int[] grams;
    private final boolean asksTheSame;

    private Met(int[] grams, boolean asksTheSame) {
      this.grams = grams;
      this.asksTheSame = asksTheSame;
    }

    /** Whether {@link Contamination#matches} may find something. */
    public boolean isSuspicious() {
      return asksTheSame || grams.length > 0;
    }
  }

  /**
   * Reads the items; their files are numbered from 0, a test set before the benchmarks.
   *
   * @param heldBytes what the items may take
   * @throws io.fettle.data.read.UnreadableFile also where they would take more
   */
  public Contamination(List<Source> testSet, List<Source> benchmarks, long heldBytes)
      throws IOException {
    items = new Items(heldBytes);
    for (Source test : testSet) {
      items.add(test, false);
    }
    for (Source benchmark : benchmarks) {
      items.add(benchmark, true);
    }
    items.seal();
    constantInItems = items.constants();
    rowsWith = new int[items.index().distinct()];
  }

  /** What was read of each file: its items are the rows that were kept. */
  public List<Tally.Counts> files() {
    return items.files();
  }

  /** Looks a row up. Of any thread. */
  public Met met(Row row) {
    if (items.isEmpty()) {
      return Met.NOTHING;
    }
    RowWords words = WORDS.get();
    words.read(row);
    boolean asksTheSame =
        words.questions().stream().anyMatch(range -> !asked(words, range).isEmpty());
    var hashes = words.grams().hashes();
    int[] grams =
        IntStream.range(0, words.grams().count())
            .map(i -> items.index().find(hashes[i]))
            .filter(gram -> gram != GramIndex.NONE && !constantInItems.get(gram))
            .distinct()
            .toArray();
    return grams.length == 0 && !asksTheSame ? Met.NOTHING : new Met(grams, asksTheSame);
  }

  private List<Text> asked(RowWords words, Range range) {
    return items.ofPrompt(words.grams().whole(range.from(), range.to()));
  }

  /** Counts a row; those of a source follow each other. */
  public void count(Met row, String ofSource) {
    if (!ofSource.equals(source)) {
      endSource();
      source = ofSource;
    }
    rows++;
    for (int gram : row.grams) {
      rowsWith[gram]++;
    }
  }

  private void endSource() {
    long bound = Items.bound(rows);
    for (int gram = 0; gram < rowsWith.length; gram++) {
      if (rowsWith[gram] >= bound) {
        constants.set(gram);
      }
    }
    Arrays.fill(rowsWith, 0);
    rows = 0;
  }

  /** Ends the counting; before the questions. */
  public void seal() {
    endSource();
    constants.or(constantInItems);
  }

  /** 8-grams of the items that count for nothing. */
  public int constants() {
    return constants.cardinality();
  }

  // --- Questions

  /** The items that a row holds, each once, the strongest evidence first. Of any thread. */
  public List<Match> matches(Row row) {
    if (items.isEmpty()) {
      return List.of();
    }
    RowWords words = WORDS.get();
    words.read(row);
    List<Match> found = new ArrayList<>();
    for (Range range : words.questions()) {
      for (Text text : asked(words, range)) {
        found.add(new Match(text.file(), text.line(), range.from() + 1, range.to(), 100, true));
      }
    }
    new Common(items, constants)
        .find(words.grams(), (text, shared) -> addIfHeld(text, shared, found));
    found.sort(Match.STRONGEST);
    Map<List<Long>, Match> strongest = new LinkedHashMap<>();
    found.forEach(
        match -> strongest.putIfAbsent(List.of((long) match.file(), match.line()), match));
    return List.copyOf(strongest.values());
  }

  private void addIfHeld(Text text, Shared shared, List<Match> found) {
    BitSet telling = telling(text);
    int all = telling.cardinality();
    telling.and(shared.words());
    int common = telling.cardinality();
    int least = all < FEW_WORDS ? 100 : PERCENT;
    boolean isHeld = all > 0 && 100L * common >= (long) least * all;
    if (isHeld || shared.length() >= COPIED) {
      int to = shared.from() + shared.length();
      int percent = (int) (100L * common / Math.max(1, all));
      found.add(new Match(text.file(), text.line(), shared.from() + 1, to, percent, false));
    }
  }

  /** The text's words that are in no constant. */
  private BitSet telling(Text text) {
    var telling = new BitSet();
    telling.set(0, text.words());
    for (int i = 0; i + Grams.WORDS <= text.words(); i++) {
      if (constants.get(items.index().at(text.start() + i))) {
        telling.clear(i, i + Grams.WORDS);
      }
    }
    return telling;
  }

  /**
   * The words of a span, composed and folded.
   *
   * @param from as {@link Match} has it
   * @param to the last word
   */
  public static String text(Row row, int from, int to) {
    return row.messages().stream()
        .map(Message::content)
        .flatMap(turn -> Words.texts(turn).stream())
        .skip(from - 1L)
        .limit(to - from + 1L)
        .collect(Collectors.joining(" "));
  }
}
