package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.activities.evaluation.advice.Advisor;
import io.fettle.activities.evaluation.advice.Evidence;
import io.fettle.activities.evaluation.advice.Evidence.Dated;
import io.fettle.activities.evaluation.advice.Evidence.Economics;
import io.fettle.activities.evaluation.advice.Evidence.Kind;
import io.fettle.activities.evaluation.advice.Evidence.Knowledge;
import io.fettle.activities.evaluation.advice.Evidence.Noise;
import io.fettle.activities.evaluation.advice.Evidence.Price;
import io.fettle.activities.evaluation.advice.Evidence.Probe;
import io.fettle.activities.evaluation.advice.Evidence.State;
import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.activities.evaluation.advice.Finding;
import io.fettle.activities.evaluation.corpus.Corpus;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmCriteria;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.CurvePoint;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.spec.AdviseSpec;
import io.fettle.workflows.spec.EvaluateSpec;
import io.fettle.workflows.spec.Spec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the advisor is told: the arms' marks on dev, the dataset's report, the spec's word. */
final class Advising {
  /** Rows and passages that are looked at; enough for a share within a point. */
  private static final int LOOKED_AT = 20_000;

  private static final double SHOWN_CONFIDENCE = 0.95;

  private final ObjectStore store;
  private final DatasetFiles files;
  private final DatasetFiles.PreparedRows report;
  private final Criteria criteria;
  private final Optional<Spec> spec;

  Advising(ObjectStore store, DatasetFiles files, Criteria criteria, Optional<Spec> spec)
      throws IOException {
    this.store = store;
    this.files = files;
    this.report = files.report();
    this.criteria = criteria;
    this.spec = spec;
  }

  /** What models reach that were trained on parts of the rows; one arm a point. */
  static List<Evidence.CurvePoint> curve(List<CurvePoint> points, List<ScoredArm> trained) {
    return IntStream.range(0, points.size())
        .mapToObj(i -> new Evidence.CurvePoint(points.get(i).rows(), marks(trained.get(i))))
        .toList();
  }

  Finding finding(List<ScoredArm> arms, List<Evidence.CurvePoint> curve) throws IOException {
    List<Item> train = files.train(LOOKED_AT);
    return Advisor.advise(
        new Evidence(
            new Evidence.Bar(
                number(advise().map(AdviseSpec::target)),
                criteria.margin(),
                2 * criteria.oneSidedAlpha()),
            readiness(arms, train),
            ways(arms),
            probes(arms),
            curve,
            knowledge(train),
            economics(arms)));
  }

  /** What the gate's own items can show, where the dataset says how many there are. */
  Optional<String> power() throws IOException {
    int items = report.rows(Part.TEST.name()).orElse(0);
    return items > 0
        ? Optional.of(GatePower.said(criteria, items, files.together(Part.TEST).clusters(items)))
        : Optional.empty();
  }

  private Optional<AdviseSpec> advise() {
    return spec.map(each -> each.evaluate()).map(EvaluateSpec::advise);
  }

  private static OptionalDouble number(Optional<? extends @Nullable Double> value) {
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }

  // --- Rows

  private Evidence.Readiness readiness(List<ScoredArm> arms, List<Item> train) throws IOException {
    List<String> items = arms.getFirst().lines().stream().map(AnswerLine::id).toList();
    return new Evidence.Readiness(
        report.rows("TRAIN").orElse(train.size()),
        items.size(),
        files.together(Part.DEV).numbers(items),
        report.dropped("EXACT_DUPLICATE"),
        report.dropped("NEAR_DUPLICATE"),
        report.conflicting(),
        noise(train));
  }

  private Optional<Noise> noise(List<Item> train) {
    return criteria.task().equals("classification")
        ? Advisor.labelNoise(
            train.stream()
                .map(row -> new Evidence.Labelled(row.id(), row.asked(), row.reference()))
                .toList(),
            SHOWN_CONFIDENCE,
            criteria.seed())
        : Optional.empty();
  }

  // --- Arms

  private static List<Evidence.Arm> ways(List<ScoredArm> arms) {
    List<Evidence.Arm> ways = new ArrayList<>();
    for (ScoredArm arm : arms) {
      way(arm)
          .map(way -> new Evidence.Arm(way, arm.answers().shots(), marks(arm)))
          .ifPresent(ways::add);
    }
    return ways;
  }

  private static Optional<Way> way(ScoredArm arm) {
    return switch (arm.answers().arm()) {
      case ZERO_SHOT -> isPlain(arm) ? Optional.of(Way.ZERO_SHOT) : Optional.empty();
      case FEW_SHOT -> Optional.of(Way.FEW_SHOT);
      case RAG -> Optional.of(Way.RAG);
      case CLASSICAL -> Optional.of(Way.CLASSICAL);
      case TUNED, SERVED, INCUMBENT, HOSTED, UNKNOWN -> Optional.empty();
    };
  }

  private static boolean isPlain(ScoredArm arm) {
    return arm.answers().variant().isEmpty();
  }

  private static List<Double> marks(ScoredArm arm) {
    return IntStream.range(0, arm.scored().items()).mapToObj(arm.scored()::mark).toList();
  }

  private Optional<Evidence.Probes> probes(List<ScoredArm> arms) {
    List<Probe> made = new ArrayList<>();
    for (ScoredArm arm : arms) {
      kind(arm).map(kind -> new Probe(kind, marks(arm))).ifPresent(made::add);
    }
    made.sort(Comparator.comparing(Probe::kind));
    return made.isEmpty()
        ? Optional.empty()
        : plain(arms)
            .map(arm -> new Evidence.Arm(Way.ZERO_SHOT, 0, marks(arm)))
            .map(on -> new Evidence.Probes(on, made));
  }

  private static Optional<ScoredArm> plain(List<ScoredArm> arms) {
    return arms.stream()
        .filter(arm -> arm.answers().arm() == Arm.ZERO_SHOT && isPlain(arm))
        .findFirst();
  }

  private Optional<Kind> kind(ScoredArm arm) {
    String variant = arm.answers().variant();
    return switch (arm.answers().arm()) {
      case ZERO_SHOT ->
          switch (variant) {
            case "constrained" -> Optional.of(Kind.CONSTRAINED);
            case "prompt" -> Optional.of(Kind.PROMPT);
            case "oracle" -> Optional.of(Kind.ORACLE);
            default -> Optional.empty();
          };
      case HOSTED -> isBigger(variant) ? Optional.of(Kind.BIGGER) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private boolean isBigger(String name) {
    return advise().filter(told -> name.equals(told.bigger())).isPresent();
  }

  // --- Knowledge

  private Knowledge knowledge(List<Item> train) throws IOException {
    Optional<AdviseSpec.Knowledge> said = advise().map(AdviseSpec::knowledge);
    if (said.isPresent()) {
      return Knowledge.said(
          switch (said.get()) {
            case CHANGING -> State.CHANGING;
            case STABLE -> State.STABLE;
            case UNKNOWN -> State.UNKNOWN;
          });
    }
    Optional<ArmCriteria.Passages> rag = criteria.arms().flatMap(ArmCriteria::rag);
    return Advisor.knowledge(
        rag.isPresent() && !rag.get().corpus().isEmpty()
            ? Corpus.passages(store, rag.get().corpus(), rag.get().chunkWords()).stream()
                .limit(LOOKED_AT)
                .map(passage -> new Dated(passage.id(), "", "", passage.shown()))
                .toList()
            : train.stream()
                .map(row -> new Dated(row.id(), "", row.asked(), row.reference()))
                .toList());
  }

  // --- Prices

  private Optional<Economics> economics(List<ScoredArm> arms) {
    return advise()
        .map(
            told ->
                new Economics(
                    number(Optional.ofNullable(told.requestsPerMonth())),
                    best(arms).flatMap(arm -> price(arm, told.priceIn(), told.priceOut())),
                    plain(arms)
                        .flatMap(arm -> price(arm, told.tunedPriceIn(), told.tunedPriceOut())),
                    bigger(arms),
                    number(Optional.ofNullable(told.trainingDollars())),
                    0,
                    OptionalDouble.empty()));
  }

  private static Optional<ScoredArm> best(List<ScoredArm> arms) {
    return arms.stream()
        .filter(arm -> way(arm).filter(way -> way != Way.CLASSICAL).isPresent())
        .max(Comparator.comparingDouble(arm -> arm.scored().score()));
  }

  private Optional<Price> bigger(List<ScoredArm> arms) {
    return arms.stream()
        .filter(arm -> arm.answers().arm() == Arm.HOSTED && isBigger(arm.answers().variant()))
        .findFirst()
        .flatMap(
            arm ->
                criteria.arms().stream()
                    .flatMap(each -> each.hosted().stream())
                    .filter(endpoint -> endpoint.name().equals(arm.answers().variant()))
                    .findFirst()
                    .flatMap(endpoint -> price(arm, endpoint.priceIn(), endpoint.priceOut())));
  }

  private static Optional<Price> price(
      ScoredArm arm, @Nullable Double promptMillion, @Nullable Double answerMillion) {
    if (promptMillion == null || answerMillion == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Price(
            arm.lines().stream().mapToInt(AnswerLine::promptTokens).average().orElse(0),
            arm.lines().stream().mapToInt(AnswerLine::answerTokens).average().orElse(0),
            promptMillion,
            answerMillion));
  }
}
