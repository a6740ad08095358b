package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.cli.local.JsonFile;
import io.fettle.cli.local.LocalCluster;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The local pool, whose supervisor starts what has died until its file says otherwise. */
record LocalHosts(LocalCluster cluster) implements HostPool {
  @Override
  public Plan plan(Reference config, Duration lease) {
    return TinyTraining.plan(config, lease);
  }

  @Override
  public Path folder(String host) {
    return cluster.home().hosts().resolve(host);
  }

  @Override
  public OptionalLong agent(String host) throws IOException {
    var file = cluster.home().processes().resolve("agent-" + host + ".json");
    return OptionalLong.of(Wire.mapper().readTree(Files.readAllBytes(file)).path("pid").asLong());
  }

  @Override
  public void notice(String host, Duration window) {
    cluster.giveNotice(host, window);
  }

  @Override
  public void sayTerminated(String host) throws IOException {
    change(host, file -> file.put("terminated", true));
  }

  @Override
  public void sayNothing(String host) throws IOException {
    change(host, file -> file.put("desired", "lost"));
  }

  private void change(String host, Consumer<ObjectNode> change) throws IOException {
    var file = cluster.home().pool().resolve(host + ".json");
    var tree = (ObjectNode) Wire.mapper().readTree(Files.readAllBytes(file));
    change.accept(tree);
    JsonFile.write(file, tree);
  }

  @Override
  public void dies(String host) {}

  @Override
  public String word() {
    return "the pool ended it";
  }
}
