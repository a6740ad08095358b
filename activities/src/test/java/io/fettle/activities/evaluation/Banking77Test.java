package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.fettle.activities.evaluation.retrieval.Embeddings;
import io.fettle.activities.evaluation.retrieval.Passage;
import io.fettle.activities.evaluation.retrieval.Passages;
import io.fettle.statistics.Classification;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What retrieval and the linear model reach on real rows; run with {@code -Dfettle.banking77=DIR}.
 */
class Banking77Test {
  private static final int DEV = 1_000;

  @TempDir private Path folder;
  private List<Item> train = List.of();
  private List<Item> test = List.of();

  @BeforeEach
  void rows() throws IOException {
    String rows = System.getProperty("fettle.banking77", "");
    assumeTrue(!rows.isEmpty(), "needs the rows of BANKING77");
    train = items(Path.of(rows, "train.csv"));
    test = items(Path.of(rows, "test.csv"));
    java.util.Collections.shuffle(train, new java.util.Random(17));
  }

  @Test
  void a_linear_model_on_embeddings_is_right_nine_times_out_of_ten() throws Exception {
    List<String> labels = train.stream().map(Item::reference).distinct().sorted().toList();
    long started = System.nanoTime();
    try (Classical model =
        Classical.train(train.subList(DEV, train.size()), train.subList(0, DEV), (_, _) -> {})) {
      double fitted = (System.nanoTime() - started) / 1e9;
      int[] truth = new int[test.size()];
      int[] predicted = new int[test.size()];
      double seconds = 0;
      for (int i = 0; i < test.size(); i++) {
        AnswerLine line = model.answer(test.get(i));
        truth[i] = labels.indexOf(line.reference());
        predicted[i] = labels.indexOf(line.answer());
        seconds += line.seconds();
      }
      double f1 =
          Classification.macroF1(truth, predicted, IntStream.range(0, test.size()).toArray());
      System.err.printf(
          "%s: macro-F1 %.4f on %d items; %.1f s to embed and fit, %.2f ms an item%n",
          model, f1, test.size(), fitted, 1000 * seconds / test.size());
      assertThat(f1).isGreaterThan(0.91);
    }
  }

  @Test
  void the_nearest_rows_have_the_right_label_among_them() throws Exception {
    List<Passage> rows =
        train.stream().map(row -> new Passage(row.id(), row.asked(), "", row.reference())).toList();
    try (Embeddings embeddings = Embeddings.open()) {
      for (Passages.By by : Passages.By.values()) {
        try (Passages passages = Passages.open(folder, rows, by, embeddings, _ -> {})) {
          double first = recall(passages, 1);
          double four = recall(passages, 4);
          System.err.printf("%s: recall@1 %.4f, recall@4 %.4f%n", by, first, four);
          assertThat(four).isGreaterThan(0.9);
        }
      }
    }
  }

  private double recall(Passages passages, int k) throws IOException {
    int hits = 0;
    for (Item item : test) {
      hits +=
          passages.nearest(item.asked(), k).stream()
                  .anyMatch(row -> row.answer().equals(item.reference()))
              ? 1
              : 0;
    }
    return hits / (double) test.size();
  }

  private static List<Item> items(Path file) throws IOException {
    List<Item> items = new ArrayList<>();
    try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
      for (NamedCsvRecord row : csv) {
        ObjectNode turn =
            Wire.mapper()
                .createObjectNode()
                .put("role", "user")
                .put("content", row.getField("text"));
        items.add(
            new Item("r:" + items.size(), List.of(turn), row.getField("category"), List.of()));
      }
    }
    return items;
  }
}
