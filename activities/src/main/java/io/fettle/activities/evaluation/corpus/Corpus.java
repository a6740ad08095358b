package io.fettle.activities.evaluation.corpus;

import io.fettle.activities.evaluation.retrieval.Passage;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.remote.RemoteFolder;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The documents of a corpus as one blob, JSON lines of {@code id} and {@code text} in the order of
 * their ids: equal documents give equal bytes, wherever they lay.
 */
public final class Corpus {
  private static final List<String> KINDS = List.of(".txt", ".md", ".jsonl");

  private Corpus() {}

  /** Documents that cannot be used; the message says what to do. */
  public static final class Unusable extends IOException {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  /** Whether a file can hold documents, by its name. */
  public static boolean holdsDocuments(String file) {
    return KINDS.stream().anyMatch(file::endsWith);
  }

  /**
   * Reads the documents and puts them into the store.
   *
   * @param corpus a file or folder, here or in a bucket
   * @return the blob
   * @throws Unusable where there are none, or one of them cannot be read
   */
  public static Reference freeze(String corpus, ObjectStore store, Access access)
      throws IOException {
    Path work = Files.createTempDirectory("fettle-corpus-");
    try {
      Path place = RemoteFile.isRemote(corpus) ? fetched(corpus, access, work) : Path.of(corpus);
      Path frozen = work.resolve("documents");
      Documents.write(documents(place), frozen, corpus);
      return store.putBlob(frozen);
    } finally {
      delete(work);
    }
  }

  private static Path fetched(String address, Access access, Path work) throws IOException {
    Path place = work.resolve("fetched");
    try {
      if (holdsDocuments(address)) {
        Path file = place.resolve(address.substring(address.lastIndexOf('/') + 1));
        Files.createDirectories(place);
        RemoteFile remote = RemoteFile.of(address);
        try (ObjectStore bucket = Stores.open(remote.bucket(), access)) {
          remote.fetch(bucket, file);
        }
        return file;
      }
      RemoteFolder.of(address, Corpus::holdsDocuments).fetch(access, place, _ -> {});
      return place;
    } catch (NoSuchFileException | ObjectStore.NoAccess e) {
      throw new Unusable(
          "evaluate.rag.corpus: %s cannot be read from here: %s"
              .formatted(address, e.getMessage()));
    }
  }

  private static List<Document> documents(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return Documents.read(place, String.valueOf(place.getFileName()));
    }
    List<Document> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = place.relativize(file).toString().replace('\\', '/');
        if (holdsDocuments(name)) {
          all.addAll(Documents.read(file, name));
        }
      }
    }
    return all;
  }

  /**
   * The passages of a frozen corpus.
   *
   * @param sha256 of the blob
   * @param words of a passage, at most
   */
  public static List<Passage> passages(ObjectStore store, String sha256, int words)
      throws IOException {
    Path frozen = Files.createTempFile("fettle-corpus-", ".jsonl");
    try {
      store.download(store.blob(ObjectStore.OBJECTS, sha256), frozen);
      List<Passage> passages = new ArrayList<>();
      try (BufferedReader lines = Files.newBufferedReader(frozen)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          passages.addAll(Chunks.of(Wire.mapper().readValue(line, Document.class), words));
        }
      }
      return passages;
    } finally {
      Files.deleteIfExists(frozen);
    }
  }

  /** The first words of a text, white space as it was. */
  public static String first(String text, int words) {
    return Chunks.first(text, words);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
