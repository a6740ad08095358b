package io.fettle.benchmarks.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fettle.benchmarks.Effort;
import io.fettle.cli.local.Home;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every family against Hugging Face's tokenizers. */
@Tag("real")
class TokenRowsRealTest {
  @TempDir private Path folder;

  @Test
  void no_text_counts_otherwise_than_the_models_own_tokenizer_says() throws Exception {
    var home =
        new Home(
            Path.of(System.getProperty("fettle.root")), Path.of(System.getProperty("fettle.home")));
    var data = Optional.ofNullable(System.getProperty("fettle.data")).map(Path::of);
    var effort = new Effort(Effort.Level.QUICK, data, Optional.empty());

    var row = TokenRows.rows(folder, effort, home).getFirst();

    assumeThat(row.value()).as(row.note()).isPresent();
    assertThat(row.value()).as(row.note()).contains(0.0);
    assertThat(row.trials()).isGreaterThan(4 * 10_000);
  }
}
