package io.fettle.cli.local;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.workflows.spec.SpecPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A home of a test's own, with a tiny model to run and the build's environments. */
final class TinyHome {
  private TinyHome() {}

  /** Makes {@code model} and {@code envs} in an empty folder; nothing is started. */
  static LocalCluster in(Path folder) throws Exception {
    var own = Home.current();
    var environments = new Environments(Environments.Options.of(own.root(), own.path()));
    environments.run(
        new Environments.Call(
            "train",
            "fettle_trainer",
            "tiny",
            Map.of("out", folder.resolve("model").toString(), "seed", 1),
            folder.resolve("tiny")),
        (_, _, _, _, _) -> {});
    Files.createSymbolicLink(folder.resolve("envs"), own.environments());
    return LocalCluster.current(Progress.silent()).isolated(folder);
  }

  /** The tiny example on that model. */
  static SpecReading.Accepted spec(LocalCluster cluster, List<String> changes) {
    var overrides = new ArrayList<>(changes);
    overrides.add("model.path=" + cluster.home().path().resolve("model"));
    var reading =
        new SpecReader(SpecPolicy.current())
            .read(cluster.home().root().resolve("examples/tiny/fettle.yaml"), overrides);
    return reading.accepted().orElseThrow(() -> new AssertionError(reading.describe()));
  }
}
