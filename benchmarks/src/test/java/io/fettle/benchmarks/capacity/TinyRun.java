package io.fettle.benchmarks.capacity;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.activities.store.ObjectStore;
import io.fettle.cli.local.Home;
import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The tiny example with a model of random weights, on a pool of a test's own. */
final class TinyRun {
  private TinyRun() {}

  /** Makes the model. */
  static Path model(Path folder) throws Exception {
    var own = Home.current();
    var model = folder.resolve("model");
    new Environments(Environments.Options.of(own.root(), own.path()))
        .run(
            new Environments.Call(
                "train",
                "fettle_trainer",
                "tiny",
                Map.of("out", model.toString(), "seed", 1),
                folder.resolve("tiny")),
            (_, _, _, _, _) -> {});
    return model;
  }

  static SpecReading.Accepted spec(Path model, Path pools, String pool, List<String> more)
      throws IOException {
    return read(model, SpecPolicy.current().withPools(List.of(pool), pools.toString()), more);
  }

  /** On the local pool, as the example is. */
  static SpecReading.Accepted local(Path model, List<String> more) throws IOException {
    return read(model, SpecPolicy.current(), more);
  }

  private static SpecReading.Accepted read(Path model, SpecPolicy policy, List<String> more)
      throws IOException {
    var overrides = new ArrayList<>(more);
    overrides.add("model.path=" + model);
    overrides.add("deploy={enabled: false, engine: transformers, max_model_len: 512}");
    var reading =
        new SpecReader(policy)
            .read(Home.current().root().resolve("examples/tiny/fettle.yaml"), overrides);
    return reading.accepted().orElseThrow(() -> new IOException(reading.describe()));
  }

  static boolean hasCheckpoint(ObjectStore store, String run) throws IOException {
    return !store.list("runs/" + run + "/checkpoints/").isEmpty();
  }

  static void await(String what, Callable<Boolean> sign) throws Exception {
    for (int i = 0; i < 1_200; i++) {
      if (sign.call()) {
        return;
      }
      Thread.sleep(250);
    }
    throw new AssertionError("waited five minutes for " + what);
  }
}
