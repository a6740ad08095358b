package io.fettle.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.prepare.PrepareReport.ContaminationReport;
import io.fettle.data.prepare.PrepareReport.ContaminationReport.Span;
import io.fettle.data.prepare.Prepared.Setup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksTest {
  private static final String ITEM =
      "a baker sells fifty rolls in april and half as many in may how many is that";

  @TempDir Path folder;

  @Test
  void rows_that_hold_an_item_are_dropped_and_told_by_place() throws Exception {
    Setup setup =
        setup()
            .pool(rows(60, 1))
            .pool(
                words(20, 901) + " " + ITEM + " " + words(20, 902) + " => never seen",
                "A BAKER sells fifty rolls, in April: and half as many in May; how many is that?"
                    + " => seventy-five",
                words(20, 903) + " => " + words(30, 904))
            .benchmark(words(25, 905) + " => x", ITEM + " => seventy five", " => y")
            .benchmark(words(25, 906) + " => z");

    Prepared prepared = setup.run();

    assertThat(prepared.drops()).containsExactly("decontamination benchmark_match 2");
    List<ContaminationReport.Items> files = prepared.report().contamination().files();
    assertThat(files).extracting(ContaminationReport.Items::items).containsExactly(2L, 1L);
    assertThat(files).extracting(ContaminationReport.Items::met).containsExactly(1, 0);
    assertThat(files).extracting(ContaminationReport.Items::rows).containsExactly(2, 0);
    assertThat(files.getFirst().unreadable()).extracting(drop -> drop.rows()).containsExactly(1L);
    assertThat(files.getFirst().spans())
        .containsExactly(
            new Span("pool1:2", "benchmark0:3", 21, 37, 100, false),
            new Span("pool1:3", "benchmark0:3", 1, 17, 100, true));
    assertThat(prepared.report().toString()).doesNotContain("baker");
    assertThat(Files.readAllLines(prepared.dropped()))
        .hasSize(2)
        .allMatch(line -> line.contains("april") || line.contains("April"));
    assertThat(prepared.report().parts().stream().mapToInt(part -> part.rows()).sum())
        .isEqualTo(61);
  }

  @Test
  void benchmarks_and_test_sets_stay_as_they_are() throws Exception {
    Setup setup =
        setup()
            .pool(rows(40, 1))
            .pool(ITEM + " => x")
            .testSet(ITEM + " => y")
            .benchmark(ITEM + " => z");
    List<byte[]> before = setup.evaluationBytes();

    Prepared prepared = setup.run();

    assertThat(setup.evaluationBytes()).containsExactlyElementsOf(before);
    assertThat(prepared.prompts(Part.TEST)).containsExactly(ITEM);
    assertThat(prepared.drops()).containsExactly("decontamination near_test 1");
    assertThat(prepared.report().contamination().files())
        .extracting(file -> "%s %d".formatted(file.file(), file.rows()))
        .containsExactly("test 1", "benchmark0 1");
  }

  @Test
  void what_a_row_holds_of_a_test_row_is_found_though_the_rest_of_it_is_long() throws Exception {
    Prepared prepared =
        setup()
            .pool(rows(40, 1))
            .pool(words(90, 901) + " " + ITEM + " => x")
            .testSet(ITEM + " => y")
            .run();

    assertThat(prepared.drops()).containsExactly("decontamination near_test 1");
    assertThat(prepared.report().contamination().files().getFirst().spans())
        .containsExactly(new Span("pool1:2", "test:2", 91, 107, 100, false));
  }

  @Test
  void the_number_of_threads_changes_nothing() throws Exception {
    String[] pool = rows(6_000, 1);
    for (int i = 0; i < pool.length; i += 7) {
      pool[i] = "please answer what follows in one short word and no more " + pool[i];
    }
    String[] items = new String[300];
    Arrays.setAll(items, i -> pool[i * 19]);
    Setup setup = setup().pool(pool).pool(rows(500, 9)).benchmark(items);
    PrepareReport one = setup.threads(1).run().report();

    assertThat(one.contamination().files().getFirst().rows()).isEqualTo(300);
    assertThat(one.contamination().ignoredGrams()).isPositive();
    for (int threads : new int[] {2, 3, 7}) {
      assertThat(setup.threads(threads).run().report()).isEqualTo(one);
    }
  }

  @Test
  void a_benchmark_without_an_item_stops_and_says_what_to_name() {
    assertThatThrownBy(() -> setup().pool(rows(40, 1)).benchmark(" => x", "y => ").run())
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("the benchmark benchmark0 holds no item in 2 rows")
        .hasMessageContaining("the first has an empty prompt")
        .hasMessageContaining("name the field of its question");
  }

  @Test
  void without_benchmarks_nothing_is_shown() throws Exception {
    Prepared prepared = setup().pool(rows(40, 1)).run();

    assertThat(prepared.report().contamination()).isEqualTo(new ContaminationReport(0, List.of()));
    assertThat(prepared.dropped()).doesNotExist();
  }

  private Setup setup() {
    return new Setup(folder);
  }

  private static String[] rows(int count, int seed) {
    String[] rows = new String[count];
    Arrays.setAll(rows, i -> words(12, 1_000 * seed + i) + " => answer " + i);
    return rows;
  }

  private static String words(int count, int seed) {
    return new Random(seed)
        .ints(count, 0, 900_000)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }
}
