package io.fettle.data.contamination;

import io.fettle.data.contamination.Items.Text;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What one row has in common with the items' texts: runs of n-grams that follow each other in both.
 * Constants are in no run.
 */
final class Common {
  private final Items items;
  private final GramIndex index;
  private final BitSet constants;
  private final Map<Integer, Shared> byStart = new TreeMap<>();

  /** The runs that reach up to here: the places where they do, ascending, and where they began. */
  private int[] places = new int[16];

  private int[] began = new int[16];
  private int open;
  private int[] nextPlaces = new int[16];
  private int[] nextBegan = new int[16];

  /** What is common to the row and one text. */
  static final class Shared {
    private final BitSet words = new BitSet();
    private int from;
    private int length;

    /** The text's words that are in a common n-gram, from 0. */
    BitSet words() {
      return words;
    }

    /** The row's word with which the longest run begins, from 0. */
    int from() {
      return from;
    }

    /** Words of the longest run. */
    int length() {
      return length;
    }
  }

  Common(Items items, BitSet constants) {
    this.items = items;
    this.index = items.index();
    this.constants = constants;
  }

  /** Takes a row's n-grams and hands over what it shares with each text, in their order. */
  void find(Grams row, BiConsumer<Text, Shared> found) {
    var grams = row.hashes();
    int count = row.count();
    for (int i = 0; i < count; i++) {
      int number = index.find(grams[i]);
      if (number == GramIndex.NONE || constants.get(number)) {
        close(0, open, i);
        open = 0;
      } else {
        goOn(number, i);
      }
    }
    close(0, open, count);
    byStart.forEach((start, shared) -> found.accept(items.at(start), shared));
  }

  /** Merges the places of the row's n-gram at i with the open runs: both ascend. */
  private void goOn(int number, int i) {
    makeRoom(index.to(number) - index.from(number));
    int run = 0;
    int next = 0;
    for (int k = index.from(number); k < index.to(number); k++) {
      int place = index.place(k);
      int first = run;
      while (run < open && places[run] + 1 < place) {
        run++;
      }
      close(first, run, i);
      boolean goesOn = run < open && places[run] + 1 == place;
      nextPlaces[next] = place;
      nextBegan[next++] = goesOn ? began[run++] : i;
    }
    close(run, open, i);
    swap(next);
  }

  private void makeRoom(int most) {
    if (nextPlaces.length < most) {
      nextPlaces = new int[2 * most];
      nextBegan = new int[2 * most];
    }
  }

  private void swap(int next) {
    var oldPlaces = places;
    var oldBegan = began;
    places = nextPlaces;
    began = nextBegan;
    nextPlaces = oldPlaces;
    nextBegan = oldBegan;
    open = next;
  }

  /** Ends some runs before the row's n-gram at i. */
  private void close(int first, int behind, int i) {
    for (int run = first; run < behind; run++) {
      int grams = i - began[run];
      int length = grams + Grams.WORDS - 1;
      Text text = items.at(places[run]);
      int start = places[run] - grams + 1 - text.start();
      var shared = byStart.computeIfAbsent(text.start(), _ -> new Shared());
      shared.words.set(start, start + length);
      if (length > shared.length) {
        shared.length = length;
        shared.from = began[run];
      }
    }
  }
}
