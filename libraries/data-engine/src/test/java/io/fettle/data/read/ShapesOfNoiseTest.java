package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.data.AnyJson;
import io.fettle.data.Fuzz;
import io.fettle.data.read.Format.Container;
import io.fettle.data.read.Format.Shape;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are JSON and nothing that a shape knows. */
class ShapesOfNoiseTest {
  /** Writes what no UTF-8 can hold as escapes. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final List<Shape> SHAPES = List.of(Shape.values());

  private static final AnyJson ANY =
      new AnyJson(
          List.of(
              "messages",
              "role",
              "content",
              "tool_calls",
              "tool_call_id",
              "tools",
              "function",
              "name",
              "arguments",
              "weight",
              "prompt",
              "completion",
              "instruction",
              "input",
              "output",
              "system",
              "history",
              "conversations",
              "from",
              "value",
              "chosen",
              "rejected",
              "group"),
          List.of(
              "user",
              "assistant",
              "system",
              "tool",
              "human",
              "gpt",
              "0",
              "hello",
              "{}",
              "{\"a\":1}",
              "{\"a\":1,\"a\":2}",
              "{} and more",
              "[".repeat(300),
              "not json"));

  private static final Map<Shape, String> SOUND =
      Map.of(
          Shape.CHAT,
          """
          {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"},
          {"role": "assistant", "content": null, "tool_calls":
          [{"function": {"name": "f", "arguments": "{\\"a\\": [1.5]}"}}]},
          {"role": "tool", "content": "t", "tool_call_id": "1"},
          {"role": "assistant", "content": "a", "weight": 1}], "group": 7,
          "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]}
          """,
          Shape.PROMPT_COMPLETION,
          "{\"prompt\": \"u\", \"completion\": \"a\", \"group\": \"g\"}",
          Shape.ALPACA,
          """
          {"instruction": "u", "input": "i", "output": "a", "system": "s", "group": true,
          "history": [["q", "r"]]}
          """,
          Shape.SHAREGPT,
          """
          {"conversations": [{"from": "human", "value": "u"}, {"from": "gpt", "value": "a"}],
          "system": "s", "group": 1}
          """,
          Shape.PREFERENCE,
          """
          {"prompt": [{"role": "user", "content": "u"}], "group": "g",
          "chosen": [{"role": "assistant", "content": "a"}], "rejected": "b"}
          """);

  @TempDir Path folder;

  @Test
  void a_record_is_a_row_that_can_be_written_and_read_again_or_it_is_counted() {
    Fuzz.tries(
        5_000,
        random -> {
          Shape shape = SHAPES.get(random.nextInt(SHAPES.size()));
          JsonNode sound = JSON.readTree(SOUND.get(shape));
          JsonNode record = random.nextInt(4) == 0 ? ANY.tree(random) : ANY.changed(sound, random);
          var fields =
              new FieldMapping("prompt", "completion", "", "", random.nextBoolean() ? "group" : "");

          Reading reading =
              Reading.of(
                  new Format(Container.JSONL, shape),
                  fields,
                  folder,
                  JSON.writeValueAsString(record));

          assertThat(reading.rows().size() + reading.bad().size()).isEqualTo(1);
          for (Row row : reading.rows()) {
            assertReadable(row);
          }
        });
  }

  @Test
  void the_sound_records_are_rows() throws IOException {
    for (Shape shape : Shape.values()) {
      String line = JSON.writeValueAsString(JSON.readTree(SOUND.get(shape)));
      var format = new Format(Container.JSONL, shape);

      Reading reading = Reading.of(format, FieldMapping.usual(), folder, line);

      assertThat(reading.bad()).as("%s", shape).isEmpty();
    }
  }

  private static void assertReadable(Row row) throws IOException {
    byte[] line = RowJson.line(row);
    Row again =
        RowJson.row(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString());
    var withoutGroup =
        new Row(row.source(), row.line(), row.messages(), "", row.rejected(), row.tools());
    assertThat(again).isEqualTo(withoutGroup);
    String all =
        row.messages().stream()
            .flatMap(each -> Stream.of(each.content(), each.toolCalls(), each.toolCallId()))
            .collect(Collectors.joining());
    assertThat((all + row.rejected() + row.tools()).chars()).noneMatch(letter -> letter == 0);
  }
}
