package io.fettle.activities.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.plan.Planner.Candidate;
import io.fettle.activities.plan.Planner.Outcome;
import io.fettle.activities.plan.Planner.Pool;
import io.fettle.workflows.plan.PoolShapes;
import io.fettle.workflows.spec.DeploySpec;
import io.fettle.workflows.spec.QuantizeSpec;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.spec.TrainSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans for machines that are not this one. */
class PoolsPlanTest {
  private static final long GIB = 1L << 30;
  private static final Hardware LAPTOP = new Hardware("cpu", false, 16 * GIB, 8, 0, true, false);
  private static final Pool AWS =
      new Pool(
          "aws",
          List.of(
              gpu("t4-16gb-x1", -1, 0.526, 8.1),
              gpu("a10g-24gb-x1", 0.4, 1.006, 70),
              gpu("l4-24gb-x1", -1, -1, 121),
              gpu("h100-80gb-x8", -1, 55, 989)));

  /** SmolLM2-135M widened to billions of parameters, so that memory decides. */
  private static final Map<String, Object> LARGE =
      Map.of("hidden_size", 576, "intermediate_size", 400_000, "num_hidden_layers", 30);

  @TempDir Path folder;

  private static Candidate gpu(String shape, double spot, double onDemand, double peak) {
    var machine = Catalogue.shipped().like(shape).orElseThrow();
    return new Candidate(
        Hardware.of(machine, shape), machine.gpus(), peak, spot, onDemand, true, false);
  }

  @Test
  void auto_is_the_cheapest_shape_that_fits_and_all_else_follows_from_it() throws IOException {
    var outcome = plan("{\"capacity\": {\"pools\": [\"aws\"]}}", AWS);

    assertThat(outcome.refusals()).isEmpty();
    assertThat(outcome.shape()).isEqualTo("t4-16gb-x1");
    assertThat(outcome.spec().capacity().shape()).isEqualTo("t4-16gb-x1");
    assertThat(outcome.spec().train().precision()).isEqualTo(TrainSpec.Precision.FP32);
    assertThat(outcome.spec().deploy().target()).isEqualTo(DeploySpec.Target.GPU);
    assertThat(outcome.spec().quantize().scheme()).isEqualTo(QuantizeSpec.Scheme.W4A16);
    assertThat(outcome.notes())
        .contains(
            "Shape t4-16gb-x1 is the cheapest of 4 that fit; about 0.53 on demand, in dollars an hour.");
  }

  @Test
  void an_endpoint_is_refused_where_its_machine_would_end_with_the_run() throws IOException {
    var leaving = new Pool("aws", AWS.candidates(), true);
    var serving =
        "{\"capacity\": {\"pools\": [\"aws\"]}, \"deploy\": {\"enabled\": %s, \"endpoint\": \"triage\"}}";

    assertThat(plan(serving.formatted(true), leaving).refusals())
        .singleElement()
        .asString()
        .contains(
            "deploy.endpoint is triage, but machines of aws end",
            "deploy.enabled: false and `fettle export`",
            "on the loopback");
    assertThat(plan(serving.formatted(false), leaving).refusals()).isEmpty();
    assertThat(plan(serving.formatted(true), AWS).refusals()).as("machines that stay").isEmpty();
  }

  @Test
  void a_shape_without_a_price_comes_last_and_is_taken_where_nothing_else_fits()
      throws IOException {
    var unpriced =
        new Pool("aws", List.of(gpu("a10g-24gb-x1", 0.4, 1.006, 70), AWS.candidates().get(2)));
    assertThat(plan("{\"capacity\": {\"pools\": [\"aws\"]}}", unpriced).shape())
        .isEqualTo("a10g-24gb-x1");

    var alone = new Pool("aws", List.of(AWS.candidates().get(2)));
    var outcome =
        plan("{\"capacity\": {\"pools\": [\"aws\"]}, \"train\": {\"max_steps\": 100}}", alone);
    assertThat(outcome.shape()).isEqualTo("l4-24gb-x1");
    assertThat(outcome.dollars()).as("not known").isEqualTo(-1);
    assertThat(outcome.notes())
        .contains("Shape l4-24gb-x1 is the cheapest of 1 that fit; its price is not known.");
  }

  @Test
  void a_named_shape_is_taken_with_or_without_its_number_of_gpus() throws IOException {
    for (var word : List.of("a10g-24gb", "a10g-24gb-x1")) {
      var outcome = plan(named("aws", word), AWS);
      assertThat(outcome.refusals()).isEmpty();
      assertThat(outcome.shape()).isEqualTo("a10g-24gb-x1");
      assertThat(outcome.spec().train().precision()).isEqualTo(TrainSpec.Precision.BF16);
    }
    assertThat(plan(named("aws", "h100-80gb-x8"), AWS).notes())
        .contains("The trainer uses one of its 8 GPUs.");
  }

  @Test
  void a_shape_that_no_pool_has_is_refused_with_those_that_there_are() throws IOException {
    assertThat(plan(named("aws", "b200-180gb-x8"), AWS).refusals())
        .containsExactly(
            "capacity.shape is b200-180gb-x8; the pools aws have a10g-24gb-x1, h100-80gb-x8, l4-24gb-x1,"
                + " t4-16gb-x1: name one of them, write auto, or add its row to machines.csv");
    assertThat(plan("{\"capacity\": {\"pools\": [\"lab\"]}}", AWS).refusals())
        .containsExactly(
            "capacity.pools has lab, which the control worker does not know; name it in pools.yaml,"
                + " then start the control worker again (`fettle down`, `fettle up`; in a cluster, restart its pods)");
    assertThat(
            plan(
                    "{\"capacity\": {\"pools\": [\"aws\"]}, \"deploy\": {\"enabled\": false}}",
                    new Pool("aws", List.of(), true))
                .refusals())
        .containsExactly(
            "no machine is known of the pools aws; write types for them in pools.yaml, or start their agents");
  }

  @Test
  void where_no_agent_of_ones_own_machines_has_registered_auto_says_so() throws IOException {
    var known = new ArrayList<Candidate>();
    for (var each : AWS.candidates()) {
      known.add(new Candidate(each.hardware(), 1, each.peak(), 0, 0, false));
    }
    var lab = new Pool("lab", known);
    assertThat(plan("{\"capacity\": {\"pools\": [\"lab\"]}}", lab).refusals())
        .containsExactly(
            "no agent of pool lab has registered in this store with a shape that is known; start one"
                + " (docs/guides/own-machines.md), give the GPU of one that runs a row in machines.csv,"
                + " or name the shape that it will have");
    assertThat(plan(named("lab", "a10g-24gb"), lab).refusals()).isEmpty();
  }

  @Test
  void a_pool_that_takes_any_gpu_is_planned_for_by_name_and_says_what_is_counted_on()
      throws IOException {
    var gpu = gpu("a10g-24gb-x1", -1, -1, 70);
    var known =
        new Candidate(gpu.hardware(), 1, gpu.peak(), -1, -1, false); // and not known to be there
    var kube = Pool.ofAnyGpu("kube", List.of(known));

    var capacity = "{\"deploy\": {\"enabled\": false}, \"capacity\": {\"pools\": [\"kube\"]%s}}";
    var outcome = plan(capacity.formatted(", \"shape\": \"a10g-24gb\""), kube);
    assertThat(outcome.refusals()).isEmpty();
    assertThat(outcome.shape()).isEqualTo("a10g-24gb-x1");
    assertThat(outcome.notes())
        .contains(
            "Pool kube names no types, so any GPU of its cluster may come; this plan counts on a10g-24gb-x1. Write types in pools.yaml to be sure.");
    assertThat(plan(capacity.formatted(""), kube).refusals())
        .containsExactly(
            "capacity.shape is auto, which chooses among types that are known, and the pools kube name none; name a shape that their clusters have, as a10g-24gb-x1, or write types in pools.yaml");
  }

  @Test
  void memory_decides_before_price() throws IOException {
    var wide =
        "{\"capacity\": {\"pools\": [\"aws\"]}, \"train\": {\"micro_batch_size\": 4}, \"data\": {\"max_length\": 8192, \"max_tokens\": 8192}}";
    assertThat(plan(wide, AWS).shape()).isNotEqualTo("t4-16gb-x1");

    var tooSmall = new Pool("aws", List.of(gpu("t4-16gb-x1", -1, 0.526, 8.1)));
    var huge =
        "{\"capacity\": {\"pools\": [\"aws\"]}, \"train\": {\"micro_batch_size\": 256}, \"data\": {\"max_length\": 8192, \"max_tokens\": 8192}}";
    assertThat(plan(huge, tooSmall).refusals())
        .first()
        .asString()
        .contains("training needs about", "and t4-16gb-x1 gives 17.2 GB");
  }

  @Test
  void this_machine_among_the_pools_costs_nothing_and_goes_first_where_it_fits()
      throws IOException {
    var outcome = plan("{\"capacity\": {\"pools\": [\"aws\", \"local\"]}}", AWS);
    assertThat(outcome.shape()).isEqualTo("cpu");
    assertThat(outcome.dollars()).isZero();
    assertThat(outcome.notes()).contains("Pool aws has no machine of shape cpu.");
    assertThat(outcome.others())
        .containsExactly(new PoolShapes("aws", List.of()), new PoolShapes("local", List.of("cpu")));
  }

  @Test
  void the_local_pool_alone_is_planned_as_ever_and_asks_for_no_pools() throws IOException {
    var planner = new Planner(LAPTOP, SpecPolicy.current(), () -> List.of());
    var outcome = planner.plan(Specs.supportTriage(), SmallModel.in(folder.resolve("m")));
    assertThat(outcome.others()).isEmpty();
    assertThat(outcome.dollars()).isZero();
    assertThat(outcome.notes()).hasSize(4);
  }

  @Test
  void where_a_run_could_go_on_are_machines_of_its_kind_on_which_the_plan_works()
      throws IOException {
    var more = new Pool("gcp", List.of(gpu("l4-24gb-x1", -1, -1, 121), cpu("cpu-8", 64)));
    var outcome = plan(named("aws", "a10g-24gb-x1"), AWS, more);

    assertThat(outcome.spec().train().precision()).isEqualTo(TrainSpec.Precision.BF16);
    assertThat(outcome.others())
        .as("a T4 computes no bf16, a CPU is of another kind")
        .containsExactly(
            new PoolShapes("aws", List.of("a10g-24gb-x1", "h100-80gb-x8", "l4-24gb-x1")),
            new PoolShapes("gcp", List.of("l4-24gb-x1")),
            new PoolShapes("local", List.of()));
  }

  private static Candidate cpu(String shape, long gib) {
    var hardware = new Hardware(shape, false, gib * GIB, 8, 0, true, false);
    return new Candidate(hardware, 0, 0, 0.1, 0.2, true, true);
  }

  @Test
  void a_cpu_of_a_cloud_is_planned_for_by_its_cores_and_says_what_was_assumed() throws IOException {
    var outcome = plan(named("aws", "cpu-8"), new Pool("aws", List.of(cpu("cpu-8", 32))));

    assertThat(outcome.refusals()).isEmpty();
    assertThat(outcome.shape()).isEqualTo("cpu-8");
    assertThat(outcome.spec().train().threads()).isEqualTo(8);
    assertThat(outcome.notes())
        .contains(
            "Of shape cpu-8, about 0.20 on demand, 0.10 on spot, in dollars an hour.",
            "What a machine of shape cpu-8 holds is not known; this one's memory and cores stand for it. A row in"
                + " machines.csv tells.");
  }

  @Test
  void hours_and_dollars_are_a_range_where_the_steps_are_known() throws IOException {
    var outcome =
        plan(
            "{\"capacity\": {\"pools\": [\"aws\"], \"shape\": \"a10g-24gb-x1\"}, \"train\": {\"max_steps\": 1000, \"num_epochs\": null}}",
            AWS);

    // 1000 steps of 32 rows of 128 tokens, 134,515,008 parameters, 6 operations: 3.3e15 of them
    double operations = 1000.0 * 32 * 128 * 134_515_008 * 6;
    double high = operations / (0.1 * 70e12) / 3600;
    assertThat(outcome.dollars()).isCloseTo(high * 1.006, within(1e-9));
    assertThat(outcome.notes())
        .anySatisfy(
            note ->
                assertThat(note)
                    .startsWith(
                        "Training takes about 0.033 to 0.1 hours where rows are as long as is allowed")
                    .endsWith("at 10 to 40 % of 70 TFLOPS."));
  }

  @Test
  void without_steps_hours_are_told_for_ten_thousand_rows_and_dollars_are_not_known()
      throws IOException {
    var outcome = plan(named("aws", "a10g-24gb-x1"), AWS);
    assertThat(outcome.dollars()).isEqualTo(-1);
    assertThat(outcome.notes())
        .anySatisfy(note -> assertThat(note).contains("hours for every 10,000 rows"));
  }

  /** Whatever the pools hold: the choice works, and nothing that works well is cheaper. */
  @Test
  void no_cheaper_machine_would_have_done() throws IOException {
    var random = new Random(20261128);
    var model = ModelShape.read(ModelFiles.in(SmallModel.in(folder.resolve("large"), LARGE)));
    var shapes = List.copyOf(Catalogue.shipped().shapes());
    for (int round = 0; round < 100; round++) {
      var candidates = new ArrayList<Candidate>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        double price = random.nextBoolean() ? -1 : random.nextInt(100) / 10.0;
        candidates.add(gpu(shapes.get(random.nextInt(shapes.size())), -1, price, 0));
      }
      var spec =
          Specs.supportTriage(
              "{\"capacity\": {\"pools\": [\"aws\"]}, \"data\": {\"max_length\": %1$d, \"max_tokens\": %1$d}}"
                  .formatted(1 << (7 + random.nextInt(7))));
      var planner =
          new Planner(LAPTOP, SpecPolicy.current(), () -> List.of(new Pool("aws", candidates)));
      var outcome = planner.plan(spec, model);
      var good = worksWell(candidates, spec, model);
      if (good.isEmpty()) continue;
      double best =
          good.stream().mapToDouble(each -> known(each.onDemandDollars())).min().orElseThrow();
      assertThat(outcome.refusals()).isEmpty();
      assertThat(good)
          .anySatisfy(
              each -> {
                assertThat(each.hardware().shape()).isEqualTo(outcome.shape());
                assertThat(known(each.onDemandDollars())).isEqualTo(best);
              });
    }
  }

  private static List<Candidate> worksWell(
      List<Candidate> candidates, Spec spec, ModelShape model) {
    return candidates.stream()
        .filter(
            each -> {
              var draft = new Planner(each.hardware(), SpecPolicy.current()).draft(spec, model);
              return draft.refusals().isEmpty() && draft.fit().fitsWell(each.hardware());
            })
        .toList();
  }

  private static double known(double price) {
    return price < 0 ? Double.MAX_VALUE : price;
  }

  private static String named(String pool, String shape) {
    return "{\"capacity\": {\"pools\": [\"%s\"], \"shape\": \"%s\"}}".formatted(pool, shape);
  }

  private Outcome plan(String changes, Pool... pools) throws IOException {
    return new Planner(LAPTOP, SpecPolicy.current(), () -> List.of(pools))
        .plan(Specs.supportTriage(changes), SmallModel.in(folder.resolve("model")));
  }
}
