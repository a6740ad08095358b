package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.steps.Beat;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SearchingTest {
  private static final int TIMES = 12;

  /** Of one session's 23 MB of weights and more. */
  private static final long MOST_KIB_EACH = 16 << 10;

  @TempDir private Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void an_index_that_cannot_be_built_leaves_no_model_in_memory() throws Exception {
    for (String part : List.of("dev.jsonl", "test.jsonl")) {
      Files.createFile(folder.resolve(part));
    }
    List<Item> train = List.of(Item.asking("train:1", "Where is my card?", "card"));
    try (ObjectStore store = Stores.open(folder.resolve("store").toUri());
        Beat beat = Beat.unheard()) {
      Path noFolder = Files.createFile(folder.resolve("indexes"));
      Searching.Place place = new Searching.Place(store, noFolder, folder);
      fail(train, place, beat, TIMES / 2);
      long before = residentKib();

      fail(train, place, beat, TIMES);

      assertThat(residentKib() - before).isLessThan(TIMES * MOST_KIB_EACH);
    }
  }

  private static void fail(List<Item> train, Searching.Place place, Beat beat, int times) {
    for (int i = 0; i < times; i++) {
      assertThatThrownBy(() -> Searching.examples(train, 1, place, beat))
          .isInstanceOf(IOException.class);
    }
  }

  private static long residentKib() throws IOException {
    System.gc(); // what the heap holds is not meant
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
