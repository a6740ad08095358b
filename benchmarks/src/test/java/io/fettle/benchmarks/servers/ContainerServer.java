package io.fettle.benchmarks.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.services.s3.S3Client;

/** A server of objects in a container: the other way to start one. */
record ContainerServer(String name, URI bucket, GenericContainer<?> container, int port)
    implements ObjectServer {
  private static final String BUCKET = "fettle-bucket";
  private static final String MINIO = "minio/minio:RELEASE.2025-09-07T16-13-09Z";
  private static final String LOCALSTACK = "localstack/localstack:4.9.2";
  private static final String GCS = "fsouza/fake-gcs-server:1.52.3";

  static ContainerServer minio() {
    var credentials = LocalServers.credentials();
    return s3(
        MINIO,
        9000,
        container(MINIO, 9000)
            .withEnv("MINIO_ROOT_USER", credentials.get("AWS_ACCESS_KEY_ID"))
            .withEnv("MINIO_ROOT_PASSWORD", credentials.get("AWS_SECRET_ACCESS_KEY"))
            .withCommand("server", "/data"));
  }

  static ContainerServer localStack() {
    return s3(LOCALSTACK, 4566, container(LOCALSTACK, 4566).withEnv("SERVICES", "s3"));
  }

  static ContainerServer gcs() throws IOException, InterruptedException {
    var server =
        started(
            GCS,
            URI.create("gs://" + BUCKET),
            4443,
            container(GCS, 4443).withCommand("-scheme", "http", "-backend", "memory"));
    server.send(
        "PUT", "/_internal/config", "{\"externalUrl\": \"%s\"}".formatted(server.endpoint()));
    server.send("POST", "/storage/v1/b?project=p", "{\"name\": \"%s\"}".formatted(BUCKET));
    return server;
  }

  @SuppressWarnings("resource") // closed with the server
  private static GenericContainer<?> container(String image, int port) {
    return new GenericContainer<>(DockerImageName.parse(image)).withExposedPorts(port);
  }

  private static ContainerServer s3(String name, int port, GenericContainer<?> container) {
    var server = started(name, URI.create("s3://" + BUCKET), port, container);
    LocalServers.signIn();
    try (var client =
        S3Client.builder().endpointOverride(server.endpoint()).forcePathStyle(true).build()) {
      client.createBucket(create -> create.bucket(BUCKET));
    }
    return server;
  }

  private static ContainerServer started(
      String name, URI bucket, int port, GenericContainer<?> container) {
    container.start();
    return new ContainerServer(name, bucket, container, port);
  }

  private void send(String method, String path, String body)
      throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      client.send(
          HttpRequest.newBuilder(endpoint().resolve(path))
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.discarding());
    }
  }

  @Override
  public URI endpoint() {
    return URI.create("http://%s:%d".formatted(container.getHost(), container.getMappedPort(port)));
  }

  @Override
  public void close() {
    container.close();
  }
}
