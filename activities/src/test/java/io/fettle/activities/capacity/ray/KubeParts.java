package io.fettle.activities.capacity.ray;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The programs of a Kubernetes, which {@code infra/kubernetes/build} builds once. */
record KubeParts(Map<String, Path> paths) {
  private static final Path ROOT = Path.of(System.getProperty("fettle.root"));
  private static final int GO_IS_MISSING = 3;

  /** Where there is no Go to build with; the message says so. */
  private static final class NoGo extends IOException {
    private static final long serialVersionUID = 1;

    NoGo(String message) {
      super(message);
    }
  }

  enum Part {
    ETCD("etcd"),
    KUBERNETES("kubernetes"),
    OPERATOR("ray-operator"),
    OPERATOR_CONFIG("ray-operator/config"),
    KWOK("kwok"),
    KWOK_STAGES("kwok/kustomize"),
    HELM("helm");

    private final String name;

    Part(String name) {
      this.name = name;
    }
  }

  static KubeParts builtOrAborted() throws IOException, InterruptedException {
    try {
      return built();
    } catch (NoGo e) {
      return abort(e.getMessage());
    }
  }

  private static KubeParts built() throws IOException, InterruptedException {
    var said = Files.createTempFile("kubernetes", ".build");
    var errors = Files.createTempFile("kubernetes", ".errors");
    try {
      var build =
          new ProcessBuilder(ROOT.resolve("infra/kubernetes/build").toString())
              .redirectOutput(said.toFile())
              .redirectError(errors.toFile());
      build.environment().put("FETTLE_HOME", System.getProperty("fettle.home"));
      int exit = build.start().waitFor();
      if (exit == GO_IS_MISSING) {
        throw new NoGo(Files.readString(errors).strip());
      }
      if (exit != 0) {
        throw new IOException(Files.readString(errors));
      }
      return new KubeParts(
          Files.readAllLines(said).stream()
              .map(line -> line.split(" ", 2))
              .collect(Collectors.toMap(words -> words[0], words -> Path.of(words[1]))));
    } finally {
      Files.delete(said);
      Files.delete(errors);
    }
  }

  Path path(Part part) throws IOException {
    var path = paths.get(part.name);
    if (path == null) {
      throw new IOException("infra/kubernetes/build said nothing of " + part.name);
    }
    return path;
  }

  String program(Part part) throws IOException {
    return path(part).toString();
  }

  /** Our chart as an operator's helm renders it. */
  String chart(String namespace, String values, Map<String, String> more)
      throws IOException, InterruptedException {
    var chart = ROOT.resolve("infra/helm");
    var words =
        new ArrayList<>(List.of(program(Part.HELM), "template", "fettle", chart + "/fettle"));
    words.addAll(List.of("--namespace", namespace, "--kube-version", "1.34.0"));
    words.addAll(List.of("--values", chart + "/values/" + values + ".yaml"));
    more.forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
    var helm = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var rendered = new String(helm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (helm.waitFor() != 0) {
      throw new IOException("helm template of " + values + " failed");
    }
    return rendered;
  }
}
