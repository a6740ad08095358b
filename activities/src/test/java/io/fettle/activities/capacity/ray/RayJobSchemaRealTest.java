package io.fettle.activities.capacity.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fettle.workflows.spec.Market;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RayJobs of ours, by the definition that KubeRay's own release gives to an API server. */
@Tag("real")
class RayJobSchemaRealTest {
  private static final String MODULE = "github.com/ray-project/kuberay/ray-operator@v1.4.2";
  private static JsonNode schema = MissingNode.getInstance();

  @BeforeAll
  static void definition(@TempDir Path folder) throws Exception {
    assumeTrue(goIsHere(), "there is no go to fetch KubeRay's definitions with");
    var log = folder.resolve("module.json").toFile();
    var go =
        new ProcessBuilder("go", "mod", "download", "-json", MODULE)
            .directory(folder.toFile())
            .redirectOutput(log)
            .start();
    assertThat(go.waitFor()).as("go mod download %s", MODULE).isZero();
    var module = JsonMapper.builder().build().readTree(log).path("Dir").asText();
    var file = Path.of(module, "config/crd/bases/ray.io_rayjobs.yaml");
    for (var version : new YAMLMapper().readTree(Files.readString(file)).at("/spec/versions")) {
      if (version.path("name").asText().equals("v1")) {
        schema = version.at("/schema/openAPIV3Schema");
      }
    }
  }

  private static boolean goIsHere() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "go")));
  }

  @Test
  void every_field_of_a_rayjob_is_known_there_and_of_its_type() throws Exception {
    var texts =
        Map.ofEntries(
            Map.entry("namespace", "ml"),
            Map.entry("image", "agent:1"),
            Map.entry("queue", "gpus"),
            Map.entry("service_account", "fettle"),
            Map.entry("secret", "fettle"),
            Map.entry("cpu", "8"),
            Map.entry("memory", "64Gi"),
            Map.entry("spot_nodes", "a/b=spot"));
    var options = RayJobTest.options(texts, Map.of(Intents.SHAPE, List.of("A10G")));

    assertThat(problems(tree(options, Intents.SHAPE, "A10G", Market.SPOT))).isEmpty();
    var plain = RayJobTest.options(Map.of("namespace", "ml", "image", "i"), Map.of());
    assertThat(problems(tree(plain, "cpu-4", "cpu-4", Market.ON_DEMAND))).isEmpty();
  }

  @Test
  void what_is_not_known_there_is_seen() throws Exception {
    var options = RayJobTest.options(Map.of("namespace", "ml", "image", "i"), Map.of());
    var wrong = tree(options, "cpu-4", "cpu-4", Market.ON_DEMAND);
    ((ObjectNode) wrong.path("spec")).put("backoffLimit", "none").put("retries", 3);

    assertThat(problems(wrong))
        .containsExactlyInAnyOrder("spec.backoffLimit is no integer", "spec.retries is not known");
  }

  private static JsonNode tree(RayOptions options, String shape, String type, Market market)
      throws Exception {
    var resource = RayJobTest.job(options, "t-1", shape, type, market).resource();
    return JsonMapper.builder().build().readTree(Serialization.asJson(resource));
  }

  private static List<String> problems(JsonNode job) {
    var problems = new ArrayList<String>();
    check(schema, job, "", problems);
    return problems;
  }

  private static void check(JsonNode by, JsonNode value, String path, List<String> problems) {
    var type = by.path("type").asText();
    if (!isOf(type, value)) {
      problems.add(path + " is no " + type);
    } else if (value.isObject()) {
      by.path("required").forEach(name -> required(name.asText(), value, path, problems));
      value
          .properties()
          .forEach(
              field ->
                  field(
                      by, field.getKey(), field.getValue(), below(path, field.getKey()), problems));
    } else if (value.isArray()) {
      value.forEach(item -> check(by.path("items"), item, path + "[]", problems));
    }
  }

  private static void required(String name, JsonNode value, String path, List<String> problems) {
    if (!value.has(name)) {
      problems.add(below(path, name) + " is missing");
    }
  }

  private static void field(
      JsonNode by, String name, JsonNode value, String path, List<String> problems) {
    var known = by.path("properties").path(name);
    var any = by.path("additionalProperties");
    if (!known.isMissingNode()) {
      check(known, value, path, problems);
    } else if (any.isObject()) {
      check(any, value, path, problems);
    } else if (by.has("properties") || !by.path("type").asText().equals("object")) {
      problems.add(path + " is not known");
    }
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> true; // a quantity: a number or a text
    };
  }
}
