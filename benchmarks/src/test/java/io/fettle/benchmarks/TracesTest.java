package io.fettle.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fettle.benchmarks.Trace.Stretch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracesTest {
  private static final String GOOD = "{\"metadata\":{\"gap_seconds\":60},\"data\":[1,1,0,0,1,0,1]}";
  @TempDir Path folder;

  @Test
  void a_trace_is_read_with_its_gap_and_split_into_stretches() throws Exception {
    var trace = Traces.read(write("a.json", GOOD)).getFirst();

    assertThat(trace.name()).isEqualTo("a.json");
    assertThat(trace.stretches())
        .containsExactly(new Stretch(120, true), new Stretch(60, true), new Stretch(60, false));
  }

  @Test
  void a_folder_is_read_in_the_order_of_its_names_and_other_files_are_left_out() throws Exception {
    write("b.json", GOOD);
    write("a.json", GOOD);
    write("README.md", "not a trace");

    assertThat(Traces.read(folder)).extracting(Trace::name).containsExactly("a.json", "b.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {                                              | is no JSON at line 1; a trace is
          []                                             | holds no JSON object; a trace is
          {"data":[1]}                                   | gap_seconds is missing; it is the seconds
          {"metadata":{"gap_seconds":"60"},"data":[1]}   | gap_seconds is "60"; it is the seconds
          {"metadata":{"gap_seconds":0},"data":[1]}      | gap_seconds is 0; it is the seconds
          {"metadata":{"gap_seconds":60}}                | data is missing; it is a list
          {"metadata":{"gap_seconds":60},"data":[]}      | data is []; it is a list
          {"metadata":{"gap_seconds":60},"data":[1,2]}   | data[1] is 2; write 1 where
          {"metadata":{"gap_seconds":60},"data":[0,0]}   | data holds no 1
          """)
  void a_bad_trace_is_named_with_its_fix(String text, String problem) throws IOException {
    assertThat(problems(write("bad.json", text)))
        .singleElement()
        .asString()
        .startsWith("bad.json")
        .contains(problem);
  }

  @Test
  void every_problem_of_every_file_is_told_at_once_and_a_long_list_is_cut() throws IOException {
    write("a.json", "{");
    write("b.json", "{\"metadata\":{},\"data\":[7,7,7,7,7,7,7,7]}");

    assertThat(problems(folder)).hasSize(1 + 1 + 5 + 1).last().asString().contains("3 more");
  }

  @Test
  void a_path_without_traces_says_what_to_put_there() {
    assertThat(problems(folder)).singleElement().asString().contains("put the traces there");
    assertThat(problems(folder.resolve("none")))
        .singleElement()
        .asString()
        .contains("is not there; --traces names");
  }

  /** Whatever bytes come, the reader answers with traces that can be replayed, or with problems. */
  @Test
  void no_bytes_break_the_reader() throws IOException {
    var random = new Random(4);
    for (int trial = 0; trial < 3_000; trial++) {
      var bytes = GOOD.getBytes(StandardCharsets.UTF_8);
      for (int change = random.nextInt(6); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt()
                : (byte) GOOD.charAt(random.nextInt(GOOD.length()));
      }
      var file = folder.resolve("fuzzed.json");
      Files.write(file, bytes);
      try {
        for (var trace : Traces.read(file)) {
          assertThat(trace.gapSeconds()).isPositive().isFinite();
          assertThat(trace.stretches()).isNotEmpty();
        }
      } catch (Traces.Unreadable e) {
        assertThat(e.problems()).isNotEmpty().allSatisfy(p -> assertThat(p).startsWith("fuzzed"));
      }
    }
  }

  private static List<String> problems(Path path) {
    return catchThrowableOfType(Traces.Unreadable.class, () -> Traces.read(path)).problems();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
