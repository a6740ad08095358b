package io.fettle.data.contamination;

import io.fettle.data.read.RowReader;
import io.fettle.data.read.Source;
import io.fettle.data.read.UnreadableFile;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import io.fettle.data.row.Tally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The items of some files as texts: every prompt, and long answers. A word's place is its number
 * among those of all texts.
 */
final class Items {
  /** A shorter answer is a label, or a sentence that others say as well. */
  private static final int LONG_ANSWER = 50;

  private static final int BYTES_A_WORD = 64;

  /** A text that repeats an n-gram more often says nothing by it. */
  private static final int MOST_IN_A_TEXT = 8;

  private final long mostWords;
  private final Grams grams = new Grams();
  private final GramIndex index = new GramIndex();
  private final List<Text> texts = new ArrayList<>();
  private final Map<Long, List<Text>> prompts = new HashMap<>();
  private final List<Tally.Stage> read = new ArrayList<>();
  private final List<Tally> files = new ArrayList<>();
  private int[] starts = new int[0];
  private int words;

  /**
   * A text of an item.
   *
   * @param file the number of its file, from 0
   * @param start the place of its first word
   */
  record Text(int file, long line, int start, int words) {
    boolean isOfOneItemWith(Text other) {
      return file == other.file && line == other.line;
    }
  }

  /**
   * None so far.
   *
   * @param heldBytes what they may take
   */
  Items(long heldBytes) {
    mostWords = Math.min(Integer.MAX_VALUE / 2, heldBytes / BYTES_A_WORD);
  }

  /**
   * Reads a file.
   *
   * @param answers whether long answers are texts too
   */
  void add(Source source, boolean answers) throws IOException {
    var tally = new Tally();
    files.add(tally);
    read.add(tally.stage(source.name()));
    RowReader.of(source.format())
        .read(
            source,
            new RowReader.Sink() {
              @Override
              public void row(Row row) throws IOException {
                read.getLast().keep();
                add(row, answers);
              }

              @Override
              public void bad(Reason reason, String rowId) {
                read.getLast().drop(reason, rowId);
              }
            });
  }

  private void add(Row row, boolean answers) throws IOException {
    grams.read(List.of(row.prompt()));
    if (grams.words() > 0) {
      prompts
          .computeIfAbsent(grams.whole(0, grams.words()), _ -> new ArrayList<>(1))
          .add(addText(row));
    }
    grams.read(List.of(row.response()));
    if (answers && grams.words() >= LONG_ANSWER && !row.response().equals(row.prompt())) {
      addText(row);
    }
  }

  private Text addText(Row row) throws IOException {
    if (words + grams.words() > mostWords) {
      throw new UnreadableFile(
          row.source(),
          row.line(),
          "test rows and benchmarks hold more than %,d words, for which memory is set aside; leave some out, or give this process more memory"
              .formatted(mostWords));
    }
    var text = new Text(files.size() - 1, row.line(), words, grams.words());
    var hashes = grams.hashes();
    for (int i = 0; i < grams.count(); i++) {
      index.add(hashes[i], words + i);
    }
    texts.add(text);
    words += grams.words();
    return text;
  }

  /** Ends the adding. */
  void seal() {
    index.seal(words);
    starts = texts.stream().mapToInt(Text::start).toArray();
  }

  boolean isEmpty() {
    return texts.isEmpty();
  }

  GramIndex index() {
    return index;
  }

  /** What was read of each file: items are those kept. */
  List<Tally.Counts> files() {
    return files.stream().map(tally -> tally.counts().getFirst()).toList();
  }

  /** Those whose prompt is all of these words; see {@link Grams#whole}. */
  List<Text> ofPrompt(long whole) {
    return prompts.getOrDefault(whole, List.of());
  }

  Text at(int place) {
    int found = Arrays.binarySearch(starts, place);
    return texts.get(found >= 0 ? found : -found - 2);
  }

  /** The n-grams that stand in so many items of a file that they tell none from the others. */
  BitSet constants() {
    var counts = files();
    var constants = new BitSet(index.distinct());
    for (int gram = 0; gram < index.distinct(); gram++) {
      boolean isRare = index.to(gram) - index.from(gram) <= MOST_IN_A_TEXT;
      if (!isRare && isConstant(gram, counts)) {
        constants.set(gram);
      }
    }
    return constants;
  }

  private boolean isConstant(int gram, List<Tally.Counts> counts) {
    Text last = at(index.place(index.from(gram)));
    int items = 1;
    int inText = 0;
    for (int i = index.from(gram); i < index.to(gram); i++) {
      Text text = at(index.place(i));
      inText = text.start() == last.start() ? inText + 1 : 1;
      if (text.file() != last.file()) {
        items = 1;
      } else if (!text.isOfOneItemWith(last)) {
        items++;
      }
      if (inText > MOST_IN_A_TEXT || items >= bound(counts.get(text.file()).kept())) {
        return true;
      }
      last = text;
    }
    return false;
  }

  /** As many rows as make an n-gram constant: more than 5 %, and 20 at least. */
  static long bound(long rows) {
    return Math.max(20, rows / 20 + 1);
  }
}
