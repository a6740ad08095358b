package io.fettle.activities.evaluation.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.corpus.Corpus.Unusable;
import io.fettle.workflows.wire.Wire;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads documents, and writes them in their frozen form. */
final class Documents {
  /** All of them are held at once where they are searched. */
  private static final long MOST_BYTES = 256L << 20;

  private Documents() {}

  /** The documents of one file: of a text the whole, of JSON lines one a line. */
  static List<Document> read(Path file, String name) throws IOException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw tooLarge(name);
      }
      if (!name.endsWith(".jsonl")) {
        return List.of(new Document(name, Files.readString(file)));
      }
      List<Document> documents = new ArrayList<>();
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          documents.add(parsed(lines.get(i), name + ":" + (i + 1)));
        }
      }
      return documents;
    } catch (MalformedInputException e) {
      throw new Unusable(
          "evaluate.rag.corpus: %s is not UTF-8; convert it, or leave it out".formatted(name));
    } catch (NoSuchFileException e) {
      throw new Unusable("evaluate.rag.corpus: %s is not there any more".formatted(file));
    }
  }

  private static Document parsed(String line, String place) throws Unusable {
    try {
      JsonNode json = Wire.mapper().readTree(line);
      JsonNode text = json.path("text");
      if (!text.isTextual()) {
        throw new Unusable(
            "evaluate.rag.corpus: %s has no field text; a document is {\"id\": ..., \"text\": ...}"
                .formatted(place));
      }
      return new Document(json.path("id").asText(place), text.asText());
    } catch (JsonProcessingException e) {
      throw new Unusable("evaluate.rag.corpus: %s is no JSON".formatted(place));
    }
  }

  /** Those with a word in them, by their ids. */
  static void write(List<Document> documents, Path target, String corpus) throws IOException {
    List<Document> kept =
        documents.stream()
            .filter(document -> !document.text().isBlank())
            .sorted(Comparator.comparing(Document::id))
            .toList();
    if (kept.isEmpty()) {
      throw new Unusable(
          "evaluate.rag.corpus: %s holds no document; it takes .txt, .md and .jsonl files with text"
              .formatted(corpus));
    }
    Set<String> ids = new HashSet<>();
    try (BufferedWriter out = Files.newBufferedWriter(target)) {
      for (Document document : kept) {
        if (!ids.add(document.id())) {
          throw new Unusable(
              "evaluate.rag.corpus: two documents are called %s; give each its own id"
                  .formatted(document.id()));
        }
        out.write(Wire.mapper().writeValueAsString(document));
        out.write('\n');
      }
    }
    if (Files.size(target) > MOST_BYTES) {
      throw tooLarge(corpus);
    }
  }

  private static Unusable tooLarge(String name) {
    return new Unusable(
        "evaluate.rag.corpus: %s is over %d MiB, more than is searched in memory; leave out what no question is about"
            .formatted(name, MOST_BYTES >> 20));
  }
}
