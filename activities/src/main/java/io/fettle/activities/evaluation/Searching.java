package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.corpus.Cleaning;
import io.fettle.activities.evaluation.corpus.Corpus;
import io.fettle.activities.evaluation.retrieval.Embeddings;
import io.fettle.activities.evaluation.retrieval.Passage;
import io.fettle.activities.evaluation.retrieval.Passages;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.evaluation.ArmCriteria;
import io.fettle.workflows.evaluation.Retrieval;
import io.fettle.workflows.wire.FailureType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Examples and passages that are looked up for each item. */
final class Searching implements Context, AutoCloseable {
  private final Embeddings embeddings;
  private final Passages index;
  private final Map<String, Passage> byId = new HashMap<>();
  private final Map<String, Item> rows = new HashMap<>();
  private final int k;
  private final int leftOut;
  private final int roomWords;

  private Searching(
      Embeddings embeddings,
      Passages index,
      List<Passage> passages,
      List<Item> train,
      int k,
      int leftOut,
      int roomWords) {
    this.embeddings = embeddings;
    this.index = index;
    passages.forEach(passage -> byId.put(passage.id(), passage));
    train.forEach(row -> rows.put(row.id(), row));
    this.k = k;
    this.leftOut = leftOut;
    this.roomWords = roomWords;
  }

  /** Where indexes lie, and what the corpus is cleaned of. */
  record Place(ObjectStore store, Path indexes, Path dataset) {
    List<Path> asked() {
      return List.of(dataset.resolve("dev.jsonl"), dataset.resolve("test.jsonl"));
    }
  }

  /** The training rows whose questions are nearest by meaning, as examples. */
  static Searching examples(List<Item> train, int shots, Place place, Beat beat)
      throws IOException, InterruptedException {
    return open(
        rows(train, Integer.MAX_VALUE),
        train,
        Passages.By.EMBEDDINGS,
        shots,
        Integer.MAX_VALUE,
        place,
        beat);
  }

  /**
   * Passages of the corpus that the criteria froze.
   *
   * @param roomWords that all of a prompt's passages together may have
   */
  static Searching passages(
      ArmCriteria.Passages rag, List<Item> train, int roomWords, Place place, Beat beat)
      throws IOException, InterruptedException {
    List<Passage> passages =
        rag.corpus().isEmpty()
            ? rows(train, rag.chunkWords())
            : Corpus.passages(place.store(), rag.corpus(), rag.chunkWords());
    Passages.By by = Passages.By.valueOf(rag.retriever().toUpperCase(Locale.ROOT));
    return open(passages, List.of(), by, rag.k(), roomWords, place, beat);
  }

  private static Searching open(
      List<Passage> all,
      List<Item> train,
      Passages.By by,
      int k,
      int roomWords,
      Place place,
      Beat beat)
      throws IOException, InterruptedException {
    beat.says("clean the corpus", 0, "passages");
    List<Passage> clean = Cleaning.of(all, place.asked());
    if (clean.isEmpty()) {
      throw FailureType.BAD_DATA.failure(
          "every one of %d passages holds an item of dev or test, so nothing is left to search; take another evaluate.rag.corpus"
              .formatted(all.size()));
    }
    Embeddings embeddings = Embeddings.open();
    try {
      Passages index =
          Passages.open(
              place.indexes(),
              clean,
              by,
              embeddings,
              done -> beat.says("embed", done, clean.size(), "passages"));
      return new Searching(
          embeddings, index, clean, train, k, all.size() - clean.size(), roomWords);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      embeddings.close(); // its memory is none that the collector sees
      throw failed;
    }
  }

  private static List<Passage> rows(List<Item> train, int words) {
    List<Passage> rows = new ArrayList<>();
    for (Item row : train) {
      String question = row.asked();
      String shown =
          "%s%n%s".formatted(Corpus.first(question, words), Corpus.first(row.reference(), words));
      rows.add(new Passage(row.id(), question, shown, row.reference()));
    }
    return rows;
  }

  @Override
  public Shown of(Item item) throws IOException {
    List<Passage> found = index.nearest(item.asked(), k);
    if (rows.isEmpty()) {
      List<Passage> fitting = fitting(found, item);
      return new Shown(List.of(), fitting, fitting.stream().map(Passage::id).toList());
    }
    List<Item> examples = new ArrayList<>();
    for (Passage passage : found.reversed()) { // the nearest stands beside the question
      Item row = rows.get(passage.id());
      if (row != null) {
        examples.add(row);
      }
    }
    return new Shown(examples, List.of(), found.stream().map(Passage::id).toList());
  }

  /** As many of them as there is room for, in words. */
  private List<Passage> fitting(List<Passage> found, Item item) {
    List<Passage> fitting = new ArrayList<>();
    long room = (long) roomWords - item.words();
    for (Passage passage : found) {
      room -= Item.words(passage.shown());
      if (room < 0) {
        break;
      }
      fitting.add(passage);
    }
    return fitting;
  }

  /** How often the right thing was among what was found. */
  Retrieval retrieval(List<Item> items, Map<String, AnswerLine> answers) {
    int judged = 0;
    int hits = 0;
    for (Item item : items) {
      AnswerLine line = answers.get(item.id());
      if (line != null && !item.reference().isBlank()) {
        judged++;
        hits += line.retrieved().stream().anyMatch(id -> tells(id, item)) ? 1 : 0;
      }
    }
    return new Retrieval(index.size(), leftOut, hits, judged);
  }

  /** A row with the same answer; a passage that holds the answer. */
  private boolean tells(String id, Item item) {
    Passage passage = byId.get(id);
    if (passage == null) {
      return false;
    }
    String answer = folded(item.reference());
    return passage.answer().isEmpty()
        ? folded(passage.shown()).contains(answer)
        : folded(passage.answer()).equals(answer);
  }

  private static String folded(String text) {
    return text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
  }

  @Override
  public void close() throws IOException {
    index.close();
    embeddings.close();
  }
}
