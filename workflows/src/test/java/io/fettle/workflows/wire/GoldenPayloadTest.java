package io.fettle.workflows.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.training.HostNotice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The wire form of every payload record, one golden file each and one more for each release that
 * added to it. {@code -Dgolden.write=true} writes what is new into the current release's folder;
 * files of a release stay for ever.
 */
class GoldenPayloadTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final String CURRENT = "0.2";
  private static final boolean WRITE = Boolean.getBoolean("golden.write");

  @TestFactory
  Stream<DynamicTest> a_payload_keeps_its_wire_form() {
    return Samples.records().stream()
        .map(type -> DynamicTest.dynamicTest(name(type), () -> keepsItsForm(type)));
  }

  @TestFactory
  Stream<DynamicTest> what_an_older_release_wrote_decodes_and_has_lost_no_field() {
    return Samples.records().stream()
        .filter(type -> goldens(name(type)).size() > 1)
        .map(type -> DynamicTest.dynamicTest(name(type), () -> hasOnlyGrown(type)));
  }

  @Test
  void a_notice_of_an_agent_of_0_1_decodes() throws IOException {
    var notice =
        Wire.mapper().readValue(GOLDEN.resolve("0.1/run.Notice.json").toFile(), HostNotice.class);

    assertThat(notice.host()).isEqualTo("host");
    assertThat(notice.window()).isZero();
  }

  @TestFactory
  Stream<DynamicTest> a_payload_of_an_older_or_newer_writer_decodes() {
    return Samples.records().stream()
        .map(type -> DynamicTest.dynamicTest(name(type), () -> decodesLeniently(type)));
  }

  private static void keepsItsForm(Class<?> type) throws IOException {
    Object sample = Samples.of(type);
    String json = Wire.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(sample) + "\n";
    List<Path> goldens = goldens(name(type));
    if (WRITE && (goldens.isEmpty() || !json.equals(Files.readString(goldens.getLast())))) {
      Path current = Files.createDirectories(GOLDEN.resolve(CURRENT));
      Files.writeString(current.resolve(name(type) + ".json"), json);
      goldens = goldens(name(type));
    }
    assertThat(goldens).as("golden files of " + name(type)).isNotEmpty();
    assertThat(json).isEqualTo(Files.readString(goldens.getLast()));
    assertThat(Wire.mapper().readValue(json, type)).isEqualTo(sample);
  }

  private static void hasOnlyGrown(Class<?> type) throws IOException {
    JsonNode today = Wire.mapper().readTree(Wire.mapper().writeValueAsBytes(Samples.of(type)));
    for (Path golden : goldens(name(type))) {
      JsonNode then = Wire.mapper().readTree(golden.toFile());
      assertThatCode(() -> Wire.mapper().treeToValue(then, type)).doesNotThrowAnyException();
      assertThat(hasAllOf(today, then)).as(golden.toString()).isTrue();
    }
  }

  private static boolean hasAllOf(JsonNode today, JsonNode then) {
    if (!then.isContainerNode()) {
      return today.equals(then);
    }
    return then.isArray()
        ? today.size() == then.size()
            && IntStream.range(0, then.size()).allMatch(i -> hasAllOf(today.get(i), then.get(i)))
        : then.properties().stream()
            .allMatch(field -> hasAllOf(today.path(field.getKey()), field.getValue()));
  }

  /** Of every release, the oldest first. */
  private static List<Path> goldens(String name) {
    try (Stream<Path> releases = Files.list(GOLDEN)) {
      return releases
          .map(release -> release.resolve(name + ".json"))
          .filter(Files::exists)
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void decodesLeniently(Class<?> type) throws JsonProcessingException {
    ObjectNode full = Wire.mapper().valueToTree(Samples.of(type));
    full.put("addedByANewerWriter", true);
    List<String> fields = new ArrayList<>();
    full.fieldNames().forEachRemaining(fields::add);
    for (String field : fields) {
      ObjectNode older = full.deepCopy();
      older.remove(field);
      assertThatCode(() -> Wire.mapper().treeToValue(older, type))
          .as("without " + field)
          .doesNotThrowAnyException();
    }
  }

  private static String name(Class<?> type) {
    return type.getName().substring("io.fettle.workflows.".length()).replace('$', '.');
  }
}
