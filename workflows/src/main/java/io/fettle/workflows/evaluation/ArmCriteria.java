package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What arms answer besides the usual ones, and everything that decides their prompts.
 *
 * @param ways how examples are chosen, {@code random} and {@code nearest}: tried on dev; empty:
 *     random
 * @param embedding SHA-256 of the model that embeds texts, with its vocabulary; empty where nothing
 *     is embedded
 * @param rag the arm with passages
 * @param incumbent what answers today
 * @param hosted other models
 * @param classical whether a linear model on embeddings answers
 */
public record ArmCriteria(
    List<String> ways,
    String embedding,
    Optional<Passages> rag,
    Optional<Endpoint> incumbent,
    List<Endpoint> hosted,
    boolean classical) {
  /** Only the usual arms. */
  public static final ArmCriteria NONE =
      new ArmCriteria(List.of(), "", Optional.empty(), Optional.empty(), List.of(), false);

  public ArmCriteria {
    ways = Copies.list(ways);
    embedding = Objects.requireNonNullElse(embedding, "");
    rag = Objects.requireNonNullElse(rag, Optional.empty());
    incumbent = Objects.requireNonNullElse(incumbent, Optional.empty());
    hosted = Copies.list(hosted);
  }

  /**
   * What is searched for passages.
   *
   * @param corpus SHA-256 of the documents, a blob of the store; empty: the training rows
   * @param k passages in a prompt
   * @param retriever {@code bm25}, {@code embeddings} or {@code both}
   * @param chunkWords of a passage, at most
   */
  public record Passages(String corpus, int k, String retriever, int chunkWords) {
    public Passages {
      corpus = Objects.requireNonNullElse(corpus, "");
    }
  }

  /**
   * A model behind the OpenAI API. Its key is no part of what is measured.
   *
   * @param name as the spec has it; of the incumbent the endpoint that serves it, empty where it is
   *     at an address
   * @param url up to and with the API's version; empty for an endpoint, whose model may change
   *     without another question being asked
   * @param priceIn dollars a million tokens that it is sent
   * @param priceOut dollars a million tokens that it answers
   */
  public record Endpoint(String name, String url, String model, double priceIn, double priceOut) {}
}
