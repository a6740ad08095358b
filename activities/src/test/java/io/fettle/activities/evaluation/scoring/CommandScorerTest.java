package io.fettle.activities.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandScorerTest {
  private static final String LENGTHS =
      """
      import json, sys
      for line in reversed(list(sys.stdin)):
          row = json.loads(line)
          wanted, given = len(row["reference"]), len(row["answer"])
          mark = {"id": row["id"], "score": min(given, wanted) / max(given, wanted, 1)}
          if not given:
              mark = {"id": row["id"], "score": 0, "valid": False, "note": "silent"}
          print(json.dumps(mark))
      """;

  @TempDir private Path folder;

  @BeforeEach
  void where_a_sandbox_can_be_made() throws Exception {
    try {
      Arms.sandboxed(folder);
    } catch (Sandbox.Unusable here) {
      assumeTrue(false, here.getMessage());
    }
  }

  @Test
  void a_program_marks_each_item_in_any_order() throws Exception {
    Marks marks = marks(LENGTHS, true);

    assertThat(marks.kind()).isEqualTo(Marks.Kind.MEAN);
    assertThat(marks.mark(0)).isEqualTo(0.5);
    assertThat(marks.mark(1)).isEqualTo(1);
    assertThat(marks.valid(2)).isFalse();
    assertThat(marks.note(2)).contains("silent");
  }

  @Test
  void it_runs_in_the_sandbox_unless_it_is_trusted() throws Exception {
    Path proof = folder.resolve("proof");
    String writes =
        "try:\n    open(%s, 'w')\nexcept OSError:\n    pass\n".formatted("'" + proof + "'")
            + LENGTHS;

    marks(writes, true);
    assertThat(proof).doesNotExist();
    assertThat(marks(writes, false).mark(0)).isEqualTo(0.5);
    assertThat(proof).exists();
  }

  @Test
  void a_program_that_fails_ends_the_scoring_and_what_it_said_stays_on_the_worker()
      throws Exception {
    assertThatThrownBy(() -> marks("import sys\nsys.exit('row: secret')", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exit code 1")
        .hasMessageNotContaining("secret");
    try (Stream<Path> files = Files.list(folder)) {
      Path log =
          files
              .filter(f -> f.getFileName().toString().startsWith("scorer-"))
              .findFirst()
              .orElseThrow();
      assertThat(Files.readString(log)).contains("row: secret");
    }
    assertThatThrownBy(() -> marks("print('{\"id\": \"0 item 0\", \"score\": 1}')", true))
        .hasMessageContaining("marked no item 2 of 3");
    assertThatThrownBy(() -> marks("print('{\"id\": \"0 item 0\", \"score\": 2}')", true))
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> marks("while True: pass", true)).hasMessageContaining("TIME");
  }

  private Marks marks(String program, boolean sandbox) throws Exception {
    Criteria criteria =
        Arms.criteria(
            "command",
            List.of(),
            Scoring.NONE.with(
                new Scoring.Command(
                    program,
                    "scorer.py",
                    List.of("python3", "-I", "scorer.py"),
                    sandbox,
                    new Scoring.Limits(Duration.ofSeconds(3), 256, 32, 16, 64),
                    List.of())));
    return Arms.marks(criteria, Arms.of("ab", "abcd", "abc", "xyz", "", "a"), Arms.options(folder));
  }
}
