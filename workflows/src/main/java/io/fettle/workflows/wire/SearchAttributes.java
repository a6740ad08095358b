package io.fettle.workflows.wire;

import io.temporal.common.SearchAttributeKey;
import java.util.List;

/**
 * What operators filter runs by in the Temporal UI. Registered by the product; never holds a row or
 * a prompt.
 */
public final class SearchAttributes {
  public static final SearchAttributeKey<String> NAME = SearchAttributeKey.forKeyword("FettleName");
  public static final SearchAttributeKey<String> PHASE =
      SearchAttributeKey.forKeyword("FettlePhase");
  public static final SearchAttributeKey<String> BASE_MODEL =
      SearchAttributeKey.forKeyword("FettleBaseModel");
  public static final SearchAttributeKey<String> OUTCOME =
      SearchAttributeKey.forKeyword("FettleOutcome");
  public static final SearchAttributeKey<String> VERDICT =
      SearchAttributeKey.forKeyword("FettleVerdict");
  public static final SearchAttributeKey<String> ENDPOINT =
      SearchAttributeKey.forKeyword("FettleEndpoint");
  public static final SearchAttributeKey<Long> LEASES = SearchAttributeKey.forLong("FettleLeases");
  public static final SearchAttributeKey<Long> PREEMPTIONS =
      SearchAttributeKey.forLong("FettlePreemptions");
  public static final SearchAttributeKey<Double> SCORE =
      SearchAttributeKey.forDouble("FettleScore");

  /** The dataset hash. */
  public static final SearchAttributeKey<String> DATASET =
      SearchAttributeKey.forKeyword("FettleDataset");

  /**
   * The dataset hash of a run that has yet to prepare one. A run that was started without any is
   * not tagged later: its namespace may not know the attribute, and then it could not go on.
   */
  public static final String NO_DATASET = "none";

  /** All of them, in the order in which they are registered. */
  public static final List<SearchAttributeKey<?>> ALL =
      List.of(
          NAME, PHASE, BASE_MODEL, OUTCOME, VERDICT, ENDPOINT, LEASES, PREEMPTIONS, SCORE, DATASET);

  private SearchAttributes() {}
}
