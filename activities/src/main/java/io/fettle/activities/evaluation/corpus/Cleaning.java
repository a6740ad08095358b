package io.fettle.activities.evaluation.corpus;

import io.fettle.activities.evaluation.retrieval.Passage;
import io.fettle.data.contamination.Contamination;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves out passages that hold the question of an item that will be asked, or nearly: as rows are
 * left out of training (see {@link Contamination}).
 */
public final class Cleaning {
  /** Of the heap, for the words of the items. */
  private static final int SHARE_FOR_ITEMS = 4;

  private static final String CORPUS = "corpus";

  private Cleaning() {}

  /**
   * The passages without those.
   *
   * @param asked the rows of dev and test, in their normal form
   */
  public static List<Passage> of(List<Passage> passages, List<Path> asked) throws IOException {
    Path items = Files.createTempFile("fettle-items-", ".jsonl");
    try {
      try (OutputStream out = Files.newOutputStream(items)) {
        for (Path part : asked) {
          Files.copy(part, out);
        }
      }
      return clean(passages, items);
    } finally {
      Files.deleteIfExists(items);
    }
  }

  private static List<Passage> clean(List<Passage> passages, Path items) throws IOException {
    Contamination contamination =
        new Contamination(
            List.of(new Source(items, "items", Format.CHAT_JSONL, FieldMapping.usual())),
            List.of(),
            Runtime.getRuntime().maxMemory() / SHARE_FOR_ITEMS);
    for (int i = 0; i < passages.size(); i++) {
      contamination.count(contamination.met(row(passages.get(i), i)), CORPUS);
    }
    contamination.seal();
    List<Passage> clean = new ArrayList<>();
    for (int i = 0; i < passages.size(); i++) {
      if (contamination.matches(row(passages.get(i), i)).isEmpty()) {
        clean.add(passages.get(i));
      }
    }
    return clean;
  }

  private static Row row(Passage passage, int number) {
    return new Row(
        CORPUS,
        number + 1L,
        List.of(
            new Message(Role.USER, passage.sought()),
            new Message(Role.ASSISTANT, passage.answer())),
        "");
  }
}
