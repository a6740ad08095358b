package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Kind;
import io.fettle.activities.evaluation.advice.Evidence.Probe;
import io.fettle.activities.evaluation.advice.Evidence.Probes;
import io.fettle.activities.evaluation.advice.Finding.Cause;
import io.fettle.activities.evaluation.advice.Finding.Share;
import io.fettle.statistics.Interval;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What the failures of the probed arm are for want of. */
final class Anatomy {
  private static final double RIGHT = 0.5;

  private final Probes probes;
  private final Optional<List<Double>> retrieved;
  private final Marks marks;
  private final double confidence;
  private final List<Integer> failures;

  /**
   * An anatomy over the failures of {@code probes.on()}.
   *
   * @param retrieved marks of the RAG arm, which mends for want of knowledge as the oracle does
   */
  Anatomy(Probes probes, Optional<List<Double>> retrieved, Marks marks, double confidence) {
    this.probes = probes;
    this.retrieved = retrieved;
    this.marks = marks;
    this.confidence = confidence;
    this.failures =
        IntStream.range(0, probes.on().marks().size())
            .filter(item -> !right(probes.on().marks(), item))
            .boxed()
            .toList();
  }

  int failures() {
    return failures.size();
  }

  double failing() {
    return failures.size() / (double) Math.max(1, probes.on().marks().size());
  }

  Optional<Probe> probe(Kind kind) {
    return probes.made().stream().filter(probe -> probe.kind() == kind).findFirst();
  }

  /** Failures that a probe fixes, whatever else fixes them too. */
  Interval fixedBy(Probe probe) {
    return share(item -> right(probe.marks(), item));
  }

  Interval fixedByRetrieval() {
    return share(this::retrieves);
  }

  /** Failures that the passage mends, found or given. */
  Interval knowledge() {
    return share(this::mendsByPassage);
  }

  /** Failures that no prompting mends. */
  Interval unprompted() {
    Set<Cause> prompting = EnumSet.of(Cause.FORMAT, Cause.INSTRUCTION);
    return share(item -> !prompting.contains(cause(item)));
  }

  /** Failures that neither prompting nor the passage mends. */
  Interval behaviour() {
    Set<Cause> left = EnumSet.of(Cause.CAPABILITY, Cause.REMAINING);
    return share(item -> left.contains(cause(item)));
  }

  /** Net of what the probe breaks. */
  Interval gain(Probe probe) {
    return marks.difference(probe.marks(), probes.on().marks(), confidence);
  }

  /** Every failure counted once, under the cheapest thing that mends it. */
  List<Share> shares() {
    List<Share> shares = new ArrayList<>();
    if (failures.isEmpty() || (probes.made().isEmpty() && retrieved.isEmpty())) {
      return shares;
    }
    for (Cause cause : Cause.values()) {
      Interval share = share(item -> cause(item) == cause);
      int items = (int) failures.stream().filter(item -> cause(item) == cause).count();
      shares.add(new Share(cause, items, share.estimate(), share.low(), share.high()));
    }
    return shares;
  }

  private Cause cause(int item) {
    if (mends(Kind.CONSTRAINED, item)) {
      return Cause.FORMAT;
    } else if (mends(Kind.PROMPT, item)) {
      return Cause.INSTRUCTION;
    } else if (mendsByPassage(item)) {
      return Cause.KNOWLEDGE;
    }
    return mends(Kind.BIGGER, item) ? Cause.CAPABILITY : Cause.REMAINING;
  }

  private boolean mendsByPassage(int item) {
    return mends(Kind.ORACLE, item) || retrieves(item);
  }

  private boolean retrieves(int item) {
    return retrieved.isPresent() && right(retrieved.get(), item);
  }

  private boolean mends(Kind kind, int item) {
    return probe(kind).filter(probe -> right(probe.marks(), item)).isPresent();
  }

  private Interval share(IntPredicate hit) {
    List<Double> hits =
        IntStream.range(0, probes.on().marks().size())
            .mapToObj(item -> hit.test(item) ? 1.0 : 0.0)
            .toList();
    return marks.mean(hits, failures, confidence);
  }

  private static boolean right(List<Double> marks, int item) {
    return marks.get(item) >= RIGHT;
  }
}
