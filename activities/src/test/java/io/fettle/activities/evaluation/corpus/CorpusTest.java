package io.fettle.activities.evaluation.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.evaluation.retrieval.Passage;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
  @TempDir private Path folder;
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("store").toUri(), Access.USUAL);
  }

  @Test
  void equal_documents_freeze_to_equal_bytes_wherever_they_lie() throws IOException {
    Path one = Files.createDirectories(folder.resolve("one/deep"));
    Path other = Files.createDirectories(folder.resolve("other/deep"));
    for (Path place : List.of(one, other)) {
      Files.writeString(place.resolve("b.md"), "# Refunds\nWithin thirty days.");
      Files.writeString(place.resolve("a.txt"), "Opening hours: nine to five.");
      Files.writeString(
          place.getParent().resolve("faq.jsonl"),
          "{\"id\":\"q1\",\"text\":\"Ask us.\"}\n\n{\"text\":\"Or not.\"}\n");
      Files.writeString(place.resolve("logo.png"), "no document");
    }

    var frozen = Corpus.freeze(one.getParent().toString(), store, Access.USUAL);

    assertThat(Corpus.freeze(other.getParent().toString(), store, Access.USUAL)).isEqualTo(frozen);
    assertThat(Corpus.passages(store, frozen.sha256(), 200))
        .extracting(Passage::id)
        .containsExactly("deep/a.txt#1", "deep/b.md#1", "faq.jsonl:3#1", "q1#1");
    Files.writeString(other.resolve("a.txt"), "Opening hours: ten to five.");
    assertThat(Corpus.freeze(other.getParent().toString(), store, Access.USUAL))
        .isNotEqualTo(frozen);
  }

  @Test
  void what_cannot_be_used_is_told_with_its_place() throws IOException {
    Path faq =
        Files.writeString(folder.resolve("faq.jsonl"), "{\"text\":\"a\"}\n{\"title\":\"b\"}\n");
    assertRefused(faq, "faq.jsonl:2 has no field text");
    Files.writeString(faq, "{\"id\":\"x\",\"text\":\"a\"}\n{\"id\":\"x\",\"text\":\"b\"}\n");
    assertRefused(faq, "two documents are called x");
    Files.writeString(faq, "not json\n");
    assertRefused(faq, "faq.jsonl:1 is no JSON");
    assertRefused(Files.writeString(folder.resolve("empty.txt"), " \n"), "holds no document");
    assertRefused(
        Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xE4}), "is not UTF-8");
    assertRefused(Files.createDirectories(folder.resolve("nothing")), "holds no document");
  }

  private void assertRefused(Path corpus, String why) {
    assertThatThrownBy(() -> Corpus.freeze(corpus.toString(), store, Access.USUAL))
        .isInstanceOf(Corpus.Unusable.class)
        .hasMessageContaining(why);
  }

  @Test
  void a_long_document_is_cut_with_an_overlap_and_nothing_is_lost() {
    String text = IntStream.range(0, 100).mapToObj(i -> "w" + i).collect(Collectors.joining("\n"));

    List<Passage> passages = Chunks.of(new Document("d", text), 40);

    assertThat(passages).extracting(Passage::id).containsExactly("d#1", "d#2", "d#3");
    assertThat(passages.get(0).shown()).startsWith("w0\nw1").endsWith("w39");
    assertThat(passages.get(1).shown()).startsWith("w35").endsWith("w74");
    assertThat(passages.get(2).shown()).startsWith("w70").endsWith("w99");
  }

  @Test
  void passages_that_hold_an_item_that_will_be_asked_are_left_out() throws IOException {
    String asked =
        "my parcel was sent to the wrong address last tuesday and nobody at the depot can say where it is now";
    Path test =
        Files.writeString(
            folder.resolve("test.jsonl"),
            """
            {"id":"t:1","messages":[{"role":"user","content":"%s"},{"role":"assistant","content":"lost_parcel"}]}
            """
                .formatted(asked));
    Path dev =
        Files.writeString(
            folder.resolve("dev.jsonl"),
            """
            {"id":"t:2","messages":[{"role":"user","content":"Where is my card?"},{"role":"assistant","content":"card"}]}
            """);
    List<Passage> passages =
        List.of(
            passage("1", "Parcels are kept at the depot for a week."),
            passage("2", "From our mailbox: " + asked + " Thank you."),
            passage("3", "where is my CARD"),
            passage("4", "My card is lost, where is it?"));

    assertThat(Cleaning.of(passages, List.of(dev, test)))
        .extracting(Passage::id)
        .containsExactly("1", "4");
  }

  private static Passage passage(String id, String text) {
    return new Passage(id, text, text, "");
  }
}
