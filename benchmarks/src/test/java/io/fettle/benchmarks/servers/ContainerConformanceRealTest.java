package io.fettle.benchmarks.servers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fettle.activities.store.conformance.Conformance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** Every promise of a store, on servers in containers, where there is an engine for them. */
@Tag("real")
@Timeout(600)
class ContainerConformanceRealTest {
  @TempDir Path folder;

  @BeforeAll
  static void needs_an_engine() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "there is no container engine here; the same suite ran against processes");
  }

  @Test
  void minio_keeps_every_promise() throws Exception {
    keepsEveryPromise(ContainerServer::minio);
  }

  @Test
  void localstack_keeps_every_promise() throws Exception {
    keepsEveryPromise(ContainerServer::localStack);
  }

  @Test
  void fake_gcs_server_keeps_every_promise() throws Exception {
    keepsEveryPromise(ContainerServer::gcs);
  }

  private void keepsEveryPromise(Callable<ContainerServer> start) throws Exception {
    try (var server = start.call();
        var store = server.open()) {
      for (var check : Conformance.all()) {
        check.run(store, Files.createTempDirectory(folder, "scratch"));
      }
    }
  }
}
