package io.fettle.workflows.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The wire form of every payload record, one golden file each. A record that is new has its file
 * written by {@code -Dgolden.write=true}; a file that changes is a changed wire format, which the
 * commit must justify.
 */
class GoldenPayloadTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/0.1");
  private static final boolean WRITE = Boolean.getBoolean("golden.write");

  @TestFactory
  Stream<DynamicTest> a_payload_keeps_its_wire_form() {
    return Samples.records().stream()
        .map(type -> DynamicTest.dynamicTest(name(type), () -> keepsItsForm(type)));
  }

  @TestFactory
  Stream<DynamicTest> a_payload_of_an_older_or_newer_writer_decodes() {
    return Samples.records().stream()
        .map(type -> DynamicTest.dynamicTest(name(type), () -> decodesLeniently(type)));
  }

  private static void keepsItsForm(Class<?> type) throws IOException {
    Object sample = Samples.of(type);
    String json = Wire.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(sample) + "\n";
    Path golden = GOLDEN.resolve(name(type) + ".json");
    if (WRITE && !Files.exists(golden)) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, json);
    }
    assertThat(golden).exists();
    assertThat(json).isEqualTo(Files.readString(golden));
    assertThat(Wire.mapper().readValue(Files.readString(golden), type)).isEqualTo(sample);
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
