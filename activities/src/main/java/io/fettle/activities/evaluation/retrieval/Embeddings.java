package io.fettle.activities.evaluation.retrieval;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.fettle.data.hash.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Texts as {@code float32[384]} of length 1, by all-MiniLM-L6-v2 in 8 bits: the mean of its last
 * hidden states. The cosine of two texts is their dot product. Safe for concurrent use.
 *
 * <p>A text is embedded alone: the model scales its activations over all that it is given at once,
 * so in a batch the neighbours would change a text's vector. Processors with other instructions for
 * 8 bits differ in the last digits.
 */
public final class Embeddings implements AutoCloseable {
  /** Numbers in a vector. */
  public static final int DIMENSIONS = 384;

  private static final String MODEL = "all-minilm-l6-v2-q.onnx";
  private static final String VOCABULARY = "all-minilm-l6-v2-q-tokenizer.json";
  private static final int MOST_TOKENS = 512;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final WordPieces tokens;
  private final OrtSession session;

  private Embeddings(WordPieces tokens, byte[] model) throws OrtException {
    this.tokens = tokens;
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(model, options);
    }
  }

  /** Loads the model, in a quarter of a second. */
  public static Embeddings open() throws IOException {
    try {
      return new Embeddings(new WordPieces(resource(VOCABULARY)), resource(MODEL));
    } catch (OrtException e) {
      throw unusable(e);
    }
  }

  /** SHA-256 over model and vocabulary: what else decides a vector is the text. */
  public static String sha256() throws IOException {
    var digest = Sha256.digest();
    digest.update(resource(MODEL));
    digest.update(resource(VOCABULARY));
    return Sha256.of(digest);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = OrtEnvironment.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the embedding model's file " + name + " is not on the class path");
      }
      return in.readAllBytes();
    }
  }

  /** One text's vector. */
  public float[] of(String text) throws IOException {
    long[] ids = tokens.ids(text, MOST_TOKENS);
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    long[] shape = {1, ids.length};
    try (var input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        var mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
        var types =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
        var hidden =
            session.run(
                Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
      float[][][] states = (float[][][]) hidden.get(0).getValue();
      return unit(mean(states[0]));
    } catch (OrtException e) {
      throw unusable(e);
    }
  }

  private static float[] mean(float[][] states) {
    float[] sum = new float[DIMENSIONS];
    for (float[] state : states) {
      for (int i = 0; i < DIMENSIONS; i++) {
        sum[i] += state[i] / states.length;
      }
    }
    return sum;
  }

  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    float length = (float) Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return vector;
  }

  /**
   * Vectors of many texts, in their order, on every core.
   *
   * @param done hears how many are, from this thread
   */
  public List<float[]> all(List<String> texts, LongConsumer done)
      throws IOException, InterruptedException {
    List<float[]> vectors = new ArrayList<>(texts.size());
    int cores = Runtime.getRuntime().availableProcessors();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            cores, Thread.ofPlatform().daemon().name("embed-", 0).factory());
    try {
      List<Future<float[]>> coming = new ArrayList<>(texts.size());
      for (String text : texts) {
        coming.add(workers.submit((Callable<float[]>) () -> of(text)));
      }
      for (Future<float[]> vector : coming) {
        vectors.add(vector.get());
        done.accept(vectors.size());
      }
    } catch (ExecutionException failed) {
      throw new IOException("a text could not be embedded: " + failed.getCause(), failed);
    } finally {
      workers.shutdownNow();
    }
    return vectors;
  }

  private static IOException unusable(OrtException e) {
    return new IOException("the embedding model does not run here: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the embedding model's session does not close", e);
    }
  }
}
