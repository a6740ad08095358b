package io.fettle.benchmarks.servers;

import io.fettle.activities.programs.Environments;
import io.fettle.benchmarks.servers.ServerProcess.Command;
import io.fettle.cli.local.Home;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Real servers of objects as processes of this machine. Each keeps its objects in files of a
 * folder, and is called by an address that holds for its life.
 */
public final class LocalServers {
  private static final String BUCKET = "fettle-bucket";
  private static final String KEY = "fettle";
  private static final String SECRET = "fettle-secret";
  private static final String REGION = "us-east-1";

  private final Home home;

  public LocalServers(Home home) {
    this.home = home;
  }

  /** The variables by which AWS's tools find what all these servers take. */
  static Map<String, String> credentials() {
    return Map.of("AWS_ACCESS_KEY_ID", KEY, "AWS_SECRET_ACCESS_KEY", SECRET, "AWS_REGION", REGION);
  }

  /** The same for clients of this process. */
  public static void signIn() {
    System.setProperty("aws.accessKeyId", KEY);
    System.setProperty("aws.secretAccessKey", SECRET);
    System.setProperty("aws.region", REGION);
  }

  private static Path bucket(Path folder) throws IOException {
    var objects = folder.resolve("objects");
    Files.createDirectories(objects.resolve(BUCKET));
    return objects;
  }

  /** The reference among servers that speak S3. */
  public ServerProcess versity(Path folder) throws IOException, InterruptedException {
    var program = GoProgram.VERSITYGW.built(home);
    var objects = bucket(folder);
    var notes = Files.createDirectories(folder.resolve("notes"));
    int port = ServerProcess.freePort();
    var words =
        List.of(
            program.toString(),
            "--port",
            "127.0.0.1:" + port,
            "--keep-alive", // as the cloud does; else each call opens a connection
            "posix",
            "--sidecar",
            notes.toString(),
            objects.toString());
    var environment = Map.of("ROOT_ACCESS_KEY", KEY, "ROOT_SECRET_KEY", SECRET);
    return ServerProcess.start(
        "versitygw " + GoProgram.VERSITYGW.version(),
        URI.create("s3://" + BUCKET),
        port,
        new Command(words, environment),
        folder.resolve("server.log"));
  }

  /** Another one, of another family. */
  public ServerProcess s3Proxy(Path folder) throws IOException, InterruptedException {
    var objects = bucket(folder);
    int port = ServerProcess.freePort();
    var properties =
        Files.writeString(
            folder.resolve("s3proxy.properties"),
            """
            s3proxy.endpoint=http://127.0.0.1:%d
            s3proxy.authorization=aws-v2-or-v4
            s3proxy.identity=%s
            s3proxy.credential=%s
            jclouds.provider=filesystem-nio2
            jclouds.filesystem.basedir=%s
            """
                .formatted(port, KEY, SECRET, objects));
    var words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx384m",
            "-jar",
            home.root().resolve("benchmarks/target/servers/s3proxy.jar").toString(),
            "--properties",
            properties.toString());
    return ServerProcess.start(
        "S3Proxy",
        URI.create("s3://" + BUCKET),
        port,
        new Command(words, Map.of()),
        folder.resolve("server.log"));
  }

  /**
   * The one that speaks GCS. What it gets wrong: it takes half of a resumable upload for the whole
   * when it is asked how far that has come, and a delete under a stale condition goes through.
   */
  public ServerProcess gcs(Path folder) throws IOException, InterruptedException {
    var objects = bucket(folder);
    return gcs(folder, List.of("-backend", "filesystem", "-filesystem-root", objects.toString()));
  }

  /**
   * The same, whose objects are gone with it. On files each of its listings reads all that it
   * holds, which takes minutes once thousands are there.
   */
  public ServerProcess gcsInMemory(Path folder) throws IOException, InterruptedException {
    Path seed = folder.resolve("seed");
    Files.createDirectories(seed.resolve(BUCKET));
    return gcs(folder, List.of("-backend", "memory", "-data", seed.toString()));
  }

  /**
   * Moto's EC2: it keeps machines in place of objects, and they are gone with it. Each account that
   * a call names in a header of Moto's own is apart from the others.
   */
  public ServerProcess ec2(Path folder) throws IOException, InterruptedException {
    var options = Environments.Options.of(home.root(), home.path());
    var python = new Environments(options).python("ec2");
    int port = ServerProcess.freePort();
    return ServerProcess.start(
        "Moto",
        URI.create("ec2://" + BUCKET),
        port,
        new Command(
            List.of(
                python.toString(),
                "-m",
                "moto.server",
                "-H",
                "127.0.0.1",
                "-p",
                String.valueOf(port)),
            Map.of()),
        folder.resolve("server.log"));
  }

  private ServerProcess gcs(Path folder, List<String> backend)
      throws IOException, InterruptedException {
    var program = GoProgram.FAKE_GCS.built(home);
    int port = ServerProcess.freePort();
    var words = new ArrayList<>(backend);
    words.addFirst(program.toString());
    words.addAll(
        List.of(
            "-scheme",
            "http",
            "-host",
            "127.0.0.1",
            "-port",
            String.valueOf(port),
            "-public-host",
            "127.0.0.1:" + port,
            "-external-url",
            "http://127.0.0.1:" + port,
            "-log-level",
            "error"));
    return ServerProcess.start(
        "fake-gcs-server " + GoProgram.FAKE_GCS.version(),
        URI.create("gs://" + BUCKET),
        port,
        new Command(words, Map.of()),
        folder.resolve("server.log"));
  }
}
