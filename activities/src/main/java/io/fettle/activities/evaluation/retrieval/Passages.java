package io.fettle.activities.evaluation.retrieval;

import io.fettle.data.hash.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Version;

/**
 * Passages, searched by BM25 over stemmed English words (which other languages pass unstemmed), by
 * the cosine of embeddings, or by both: reciprocal rank fusion with k = 60 (Cormack et al., SIGIR
 * 2009). Equal passages and questions give equal answers in equal order. Safe for concurrent use.
 */
public final class Passages implements AutoCloseable {
  /** How they are found; the words of {@code evaluate.rag.retriever}. */
  public enum By {
    BM25,
    EMBEDDINGS,
    BOTH;

    boolean words() {
      return this != EMBEDDINGS;
    }

    boolean meaning() {
      return this != BM25;
    }
  }

  /** Raised when equal passages would be indexed in another way. */
  private static final int FORMAT = 1;

  private static final int FUSION = 60;

  /** The graph of vectors is searched for more than is asked for, since it is not exact. */
  private static final int CANDIDATES = 100;

  private static final int MOST_TERMS = 256;

  private final List<Passage> passages;
  private final By by;
  private final Embeddings embeddings;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;
  private final Analyzer analyzer = new EnglishAnalyzer();

  private Passages(List<Passage> passages, By by, Embeddings embeddings, DirectoryReader reader) {
    this.passages = List.copyOf(passages);
    this.by = by;
    this.embeddings = embeddings;
    this.reader = reader;
    this.searcher = new IndexSearcher(reader);
  }

  /**
   * The index of these passages on this machine, found or built.
   *
   * @param folder of indexes, each under the hash of what is in it
   * @param embedded hears how many passages are
   */
  public static Passages open(
      Path folder, List<Passage> passages, By by, Embeddings embeddings, LongConsumer embedded)
      throws IOException, InterruptedException {
    Path index =
        new IndexFolder(folder)
            .index(
                hash(passages, by),
                aside ->
                    IndexBuild.build(
                        aside,
                        passages,
                        by.meaning() ? vectors(passages, embeddings, embedded) : List.of()));
    var directory = FSDirectory.open(index);
    try {
      return new Passages(passages, by, embeddings, DirectoryReader.open(directory));
    } catch (IOException unreadable) {
      directory.close();
      throw unreadable;
    }
  }

  private static List<float[]> vectors(
      List<Passage> passages, Embeddings embeddings, LongConsumer embedded)
      throws IOException, InterruptedException {
    return embeddings.all(passages.stream().map(Passage::sought).toList(), embedded);
  }

  private static String hash(List<Passage> passages, By by) throws IOException {
    var digest = Sha256.digest();
    digest.update(
        "%d %s %s %s%n"
            .formatted(FORMAT, Version.LATEST, by, Embeddings.sha256())
            .getBytes(StandardCharsets.UTF_8));
    for (Passage passage : passages) {
      byte[] sought = passage.sought().getBytes(StandardCharsets.UTF_8);
      digest.update((sought.length + "\n").getBytes(StandardCharsets.UTF_8));
      digest.update(sought);
    }
    return Sha256.of(digest);
  }

  /** How many can be found. */
  public int size() {
    return passages.size();
  }

  /** The nearest to a question, the nearest first; fewer than k only where fewer fit at all. */
  public List<Passage> nearest(String question, int k) throws IOException {
    List<List<Integer>> rankings = new ArrayList<>();
    int most = by == By.BOTH ? Math.max(k, CANDIDATES) : k;
    if (by.words()) {
      rankings.add(ranked(words(question), most));
    }
    if (by.meaning()) {
      int candidates = Math.max(most, CANDIDATES);
      float[] vector = embeddings.of(question);
      rankings.add(ranked(new KnnFloatVectorQuery(IndexBuild.VECTOR, vector, candidates), most));
    }
    return fused(rankings).stream().limit(k).map(passages::get).toList();
  }

  private Query words(String question) throws IOException {
    var query = new BooleanQuery.Builder();
    Map<String, Boolean> seen = new HashMap<>();
    try (TokenStream stream = analyzer.tokenStream(IndexBuild.WORDS, question)) {
      var term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken() && seen.size() < MOST_TERMS) {
        if (seen.putIfAbsent(term.toString(), true) == null) {
          query.add(
              new TermQuery(new Term(IndexBuild.WORDS, term.toString())),
              BooleanClause.Occur.SHOULD);
        }
      }
      stream.end();
    }
    return query.build();
  }

  /** Numbers of passages; equals by their order. */
  private List<Integer> ranked(Query query, int most) throws IOException {
    List<Integer> ranked = new ArrayList<>();
    for (ScoreDoc found : searcher.search(query, most).scoreDocs) {
      ranked.add(IndexBuild.number(searcher.storedFields().document(found.doc)));
    }
    return ranked;
  }

  private static List<Integer> fused(List<List<Integer>> rankings) {
    if (rankings.size() == 1) {
      return rankings.getFirst();
    }
    Map<Integer, Double> scores = new HashMap<>();
    for (List<Integer> ranking : rankings) {
      for (int rank = 0; rank < ranking.size(); rank++) {
        scores.merge(ranking.get(rank), 1.0 / (FUSION + rank + 1), Double::sum);
      }
    }
    return scores.entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Double>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public void close() throws IOException {
    reader.close();
    analyzer.close();
  }
}
