package io.fettle.activities.evaluation.retrieval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.FSDirectory;

/** Writes an index of one segment, by one thread: the graph of vectors is then always the same. */
final class IndexBuild {
  static final String WORDS = "words";
  static final String VECTOR = "vector";
  private static final String NUMBER = "number";

  private IndexBuild() {}

  /**
   * Indexes passages by their numbers.
   *
   * @param vectors of the passages, or none
   */
  static void build(Path folder, List<Passage> passages, List<float[]> vectors) throws IOException {
    try (var directory = FSDirectory.open(folder);
        var analyzer = new EnglishAnalyzer();
        var writer = new IndexWriter(directory, config(analyzer))) {
      for (int i = 0; i < passages.size(); i++) {
        Document document = new Document();
        document.add(new StoredField(NUMBER, i));
        document.add(new TextField(WORDS, passages.get(i).sought(), Field.Store.NO));
        if (!vectors.isEmpty()) {
          document.add(
              new KnnFloatVectorField(
                  VECTOR, vectors.get(i), VectorSimilarityFunction.DOT_PRODUCT));
        }
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
  }

  private static IndexWriterConfig config(EnglishAnalyzer analyzer) {
    return new IndexWriterConfig(analyzer)
        .setMergeScheduler(new SerialMergeScheduler())
        .setUseCompoundFile(false);
  }

  /** The number of the passage that a document is. */
  static int number(Document document) {
    return document.getField(NUMBER).numericValue().intValue();
  }
}
