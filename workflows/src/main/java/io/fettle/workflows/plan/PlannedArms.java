package io.fettle.workflows.plan;

import io.fettle.workflows.wire.Copies;
import java.util.List;
import java.util.Objects;

/**
 * What answers the evaluation items besides zero-shot and few-shot with random examples. A plan of
 * an older release has none, so that its history asks for nothing that it did not ask for.
 *
 * @param ways how few-shot chooses examples, {@code random} and {@code nearest}; empty: random
 * @param rag whether an arm has passages in its prompt
 * @param incumbent whether what answers today at an address is asked
 * @param hosted names of other models
 * @param classical whether a linear model on embeddings answers
 * @param regression whether the small general set is asked, of the base and of the candidate
 * @param probes what is tried on dev beside the usual arms, to tell what failures are for want of:
 *     {@code constrained}, {@code oracle}, {@code prompt}
 * @param endpoint whose model is asked as the incumbent, if it serves one; empty: none's
 * @param curve on how many percent of the training rows parts are trained, ascending; empty: none
 */
public record PlannedArms(
    List<String> ways,
    boolean rag,
    boolean incumbent,
    List<String> hosted,
    boolean classical,
    boolean regression,
    List<String> probes,
    String endpoint,
    List<Integer> curve) {
  public static final PlannedArms NONE =
      new PlannedArms(List.of(), false, false, List.of(), false, false, List.of(), "", List.of());

  public PlannedArms {
    ways = Copies.list(ways);
    hosted = Copies.list(hosted);
    probes = Copies.list(probes);
    endpoint = Objects.requireNonNullElse(endpoint, "");
    curve = Copies.list(curve);
  }
}
