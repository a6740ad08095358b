package io.fettle.cli.local;

import io.fettle.activities.programs.Environments;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
