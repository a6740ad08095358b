package io.fettle.activities.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventTailTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("events.jsonl");
  }

  @Test
  void a_file_that_is_not_there_yet_has_no_events() throws IOException {
    assertThat(new EventTail(file).read()).isEmpty();
  }

  @Test
  void half_a_line_waits_for_its_other_half() throws IOException {
    var tail = new EventTail(file);
    append("{\"event\":\"started\"}\n{\"event\":\"st");
    assertThat(names(tail.read())).containsExactly("started");
    assertThat(tail.read()).isEmpty();
    append("ep\"}\n");
    assertThat(names(tail.read())).containsExactly("step");
    assertThat(names(new EventTail(file, 0).read())).containsExactly("started", "step");
  }

  @Test
  void a_second_reader_goes_on_where_the_first_one_stopped() throws IOException {
    var first = new EventTail(file);
    append("{\"event\":\"a\"}\n{\"eve");
    first.read();
    append("nt\":\"b\"}\n");
    assertThat(names(new EventTail(file, first.offset()).read())).containsExactly("b");
  }

  @Test
  void what_is_no_json_object_is_left_out_and_the_rest_read() throws IOException {
    append("garbage\n\n[1]\n\0\0\0\n{\"event\":\"ok\"}\n{\"event\":\n{\"event\":\"also\"}\n");
    assertThat(names(new EventTail(file).read())).containsExactly("ok", "also");
  }

  @Test
  void a_line_without_end_is_left_out_and_costs_no_memory() throws IOException {
    var tail = new EventTail(file);
    append("{\"event\":\"before\"}\n" + "x".repeat(2_500_000));
    assertThat(names(tail.read())).containsExactly("before");
    append("y".repeat(10) + "\n{\"event\":\"after\"}\n");
    assertThat(names(tail.read())).containsExactly("after");
  }

  @Test
  void a_file_that_was_started_over_is_read_from_its_start() throws IOException {
    var tail = new EventTail(file);
    append("{\"event\":\"a\"}\n{\"event\":\"b\"}\n");
    tail.read();
    Files.writeString(file, "{\"event\":\"c\"}\n");
    assertThat(names(tail.read())).containsExactly("c");
  }

  @Test
  void however_the_writes_are_cut_each_event_is_read_once_and_in_order() throws IOException {
    var random = new Random(3);
    for (int trial = 0; trial < 20; trial++) {
      Files.deleteIfExists(file);
      var tail = new EventTail(file);
      List<Integer> read = new ArrayList<>();
      byte[] all = events(500);
      for (int from = 0; from < all.length; ) {
        int to = Math.min(all.length, from + 1 + random.nextInt(900));
        Files.write(file, Arrays.copyOfRange(all, from, to), CREATE, APPEND);
        from = to;
        tail.read().forEach(event -> read.add(event.get("n").asInt()));
      }
      assertThat(read).isEqualTo(IntStream.range(0, 500).boxed().toList());
    }
  }

  private static byte[] events(int count) {
    var all = new ByteArrayOutputStream();
    for (int n = 0; n < count; n++) {
      all.writeBytes(
          "{\"n\":%d,\"text\":\"é\\n %s\"}\n".formatted(n, "ü".repeat(n % 40)).getBytes(UTF_8));
    }
    return all.toByteArray();
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, CREATE, APPEND);
  }

  private static List<String> names(List<JsonNode> events) {
    return events.stream().map(event -> event.get("event").asText()).toList();
  }
}
