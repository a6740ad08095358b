package io.fettle.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import io.fettle.data.row.Tally;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of the demo, which its documents describe. */
class DemoRowsTest {
  private static final Path ROWS =
      Path.of(System.getProperty("fettle.root", "../..")).resolve("examples/support-triage");

  @TempDir Path folder;

  @Test
  void become_160_40_and_150_with_every_kind_of_bad_row_counted() throws Exception {
    PrepareReport report =
        Prepared.report(options(), Means.counting(Prepared::wordsAsTokens), folder);

    assertThat(report.parts()).extracting(part -> part.rows()).containsExactly(160, 40, 150);
    assertThat(report.stages().getFirst().drops())
        .extracting(drop -> drop.reason().key() + " " + drop.rows())
        .containsExactly(
            "not_utf8 1",
            "nul_byte 1",
            "broken_json 2",
            "duplicate_key 1",
            "missing_field 1",
            "unknown_role 1",
            "wrong_role_order 1",
            "empty_answer 2");
    assertThat(report.stages())
        .flatExtracting(Tally.Counts::drops)
        .extracting(drop -> drop.reason().key() + " " + drop.rows())
        .contains("exact_duplicate 8")
        .doesNotContain("near_test 1");
    assertThat(report.clusters().rowsInCompany()).isGreaterThanOrEqualTo(32);
    assertThat(report.conflicts().prompts()).isEqualTo(1);
    assertThat(report.swaps().batches()).isEmpty();
  }

  private static PrepareOptions options() {
    return new PrepareOptions(
        List.of(source("tickets.jsonl")),
        List.of(source("test.jsonl")),
        List.of(),
        PrepareOptions.Duplicates.EXACT,
        PrepareOptions.Cleaning.none(),
        1,
        4_096,
        new Share.Rows(40),
        new Share.None(),
        17,
        2);
  }

  private static Source source(String name) {
    return new Source(ROWS.resolve(name), name, Format.CHAT_JSONL, FieldMapping.usual());
  }
}
