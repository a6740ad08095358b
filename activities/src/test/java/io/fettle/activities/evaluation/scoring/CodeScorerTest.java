package io.fettle.activities.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.workflows.evaluation.Scoring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeScorerTest {
  private static final String TESTS = "assert double(3) == 6\nassert double(0) == 0\n";
  private static final String RIGHT = "def double(x):\n    return 2 * x\n";

  @TempDir private Path folder;

  @Test
  void code_is_right_where_its_tests_pass_and_the_note_says_why_not() throws Exception {
    Marks marks =
        marks(
            List.of("python3", "-I", "answer.py"),
            RIGHT,
            "Sure:\n```python\n" + RIGHT + "```\nDone.",
            "def double(x):\n    return x\n",
            "def double(x:\n",
            "import sys\n" + RIGHT + "sys.exit(0)\n",
            "while True: pass",
            "print('{token}')\n" + RIGHT + "import os\nos._exit(0)");

    assertThat(marks.kind()).isEqualTo(Marks.Kind.RIGHT_OR_WRONG);
    assertThat(marks.right(0)).isTrue();
    assertThat(marks.right(1)).isTrue();
    assertThat(marks.rights()).isEqualTo(2);
    assertThat(marks.note(2).orElseThrow()).contains("AssertionError");
    assertThat(marks.note(3).orElseThrow()).contains("SyntaxError");
    assertThat(marks.note(4)).contains("ended before its tests");
    assertThat(marks.note(5)).contains("took too long");
    assertThat(marks.right(6)).isFalse();
    assertThat(marks.extras().get("pass_at_1")).isCloseTo(2 / 7.0, within(1e-12));
  }

  @Test
  void an_answer_that_looks_for_its_token_passes_nothing() throws Exception {
    Marks marks = marks(List.of("python3", "-I", "answer.py"), looking().toArray(String[]::new));

    assertThat(marks.rights()).isZero();
    assertThat(marks.note(0)).contains("ended before its tests");
    assertThat(marks.note(1)).contains("ended before its tests");
    assertThat(marks.note(2)).contains("ended before its tests");
    assertThat(marks.note(3).orElseThrow()).contains("PermissionError");
    assertThat(marks.note(4).orElseThrow()).contains("PermissionError");
    assertThat(marks.note(5)).contains("ended before its tests");
  }

  /** In its file, its input, its constants, the process before it, that one's memory, its pipes. */
  private static List<String> looking() {
    String leave = "\nimport sys\nsys.stdout.flush()\nos._exit(0)\n";
    return List.of(
        "import os, sys\nprint(open(sys.argv[0]).read())\nprint(open(sys.argv[0]).read().split('\"')[-2].split('n')[-1])"
            + leave,
        "import os\nprint(os.read(0, 99).decode())" + leave,
        """
        import os, sys
        frame = sys._getframe()
        found = []
        while frame:
            found += [str(v) for v in [*frame.f_code.co_consts, *frame.f_locals.values(), *frame.f_globals.values()]]
            frame = frame.f_back
        print("\\n".join(v.strip() for v in found if len(v.strip()) == 36))"""
            + leave,
        "import os\nopen('/proc/%d/fd/1' % os.getppid(), 'w').write('x')" + leave,
        """
        import os, re
        p = '/proc/%d/' % os.getppid()
        with open(p + 'mem', 'rb') as memory:
            for line in open(p + 'maps'):
                start, end = (int(x, 16) for x in line.split()[0].split('-'))
                memory.seek(start)
                for word in re.findall(rb'[0-9a-f]{8}-[0-9a-f-]{27}', memory.read(end - start)):
                    print(word.decode())"""
            + leave,
        """
        import os
        for fd in range(3, 64):
            try:
                os.set_blocking(fd, False)
                os.write(fd, os.read(fd, 99) or bytes(16))
            except OSError:
                try:
                    os.write(fd, bytes(16))
                except OSError:
                    pass"""
            + leave);
  }

  @Test
  void a_template_that_names_its_token_shows_it_to_the_answer() throws Exception {
    sandboxed();
    Answer reading =
        new Answer(
            "a",
            "",
            "assert False",
            "import os, sys\nprint(open(sys.argv[0]).read().split('\"')[-2].split('n')[-1])\nsys.stdout.flush()\nos._exit(0)");

    assertThat(rights("{answer}\n\n{reference}\n\nprint(\"\\n{token}\")\n", reading)).isEqualTo(1);
    assertThat(rights(Scorers.pythonTemplate(), reading)).isZero();
  }

  private int rights(String template, Answer answer) throws Exception {
    return Scorers.mark(
            Arms.criteria(
                "pass_at_1", List.of(), code(List.of("python3", "-I", "answer.py"), template)),
            List.of(answer),
            ScoringOptions.in(folder))
        .rights();
  }

  @Test
  void an_answer_is_a_program_as_any_other() throws Exception {
    Marks marks =
        marks(
            List.of("python3", "-I", "answer.py"),
            """
            import dataclasses, inspect, pickle, signal, sys, typing
            @dataclasses.dataclass
            class Pair:
                x: "int"
            def double(x):
                return pickle.loads(pickle.dumps(Pair(2 * x))).x
            assert __name__ == "__main__" and sys.stdin.read() == ""
            assert typing.get_type_hints(Pair) == {"x": int}
            assert "2 * x" in inspect.getsource(double)
            signal.signal(signal.SIGALRM, lambda *_: None)
            print("é ☕ \\ {answer} {token}")
            """);

    assertThat(marks.note(0)).isEmpty();
    assertThat(marks.rights()).isEqualTo(1);
  }

  @Test
  void what_ran_the_tests_is_told_and_a_file_that_it_reads_changes_that() throws Exception {
    sandboxed();
    Path library = Files.createDirectory(folder.resolve("library"));
    Files.writeString(library.resolve("a.py"), "x = 1\n");
    Scoring.Code plain = Objects.requireNonNull(code(List.of("python3")).code());
    Scoring scoring =
        Scoring.NONE.with(
            new Scoring.Code(
                plain.command(),
                plain.file(),
                plain.template(),
                plain.limits(),
                List.of(library.toString()),
                List.of()));
    var criteria = Arms.criteria("pass_at_1", List.of(), scoring);
    var before = Scorers.ranBy(criteria, ScoringOptions.in(folder.resolve("runs")));
    assertThat(before.get("python3")).startsWith("Python 3.");
    assertThat(Scorers.ranBy(criteria, ScoringOptions.in(folder.resolve("runs"))))
        .isEqualTo(before);

    Files.writeString(library.resolve("a.py"), "x = 20\n");

    assertThat(
            Scorers.ranBy(criteria, ScoringOptions.in(folder.resolve("runs")))
                .get(library.toString()))
        .isNotEqualTo(before.get(library.toString()));
    assertThat(
            Scorers.ranBy(Arms.criteria("exact_match", List.of(), null), ScoringOptions.in(folder)))
        .isEmpty();
  }

  @Test
  void a_folder_that_is_gone_by_then_is_told_and_fails_no_marks_that_are_made() throws Exception {
    String gone = folder.resolve("gone").toString();
    Scoring.Code plain = Objects.requireNonNull(code(List.of("python3")).code());
    Scoring scoring =
        Scoring.NONE.with(
            new Scoring.Code(
                plain.command(),
                plain.file(),
                plain.template(),
                plain.limits(),
                List.of(gone),
                List.of()));

    assertThat(
            Scorers.ranBy(
                Arms.criteria("pass_at_1", List.of(), scoring),
                ScoringOptions.in(folder.resolve("runs"))))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("python3", "not readable", gone, "not readable"));
  }

  @Test
  void answers_of_one_id_are_samples_of_one_item() throws Exception {
    sandboxed();
    List<Answer> arm = new ArrayList<>();
    for (String answer : List.of(RIGHT, "x", RIGHT, "x", RIGHT, RIGHT)) {
      arm.add(new Answer(arm.size() < 4 ? "a" : "b", "", TESTS, answer));
    }
    Marks marks =
        Scorers.mark(
            Arms.criteria("pass_at_1", List.of(), code(List.of("python3", "-I", "answer.py"))),
            arm,
            ScoringOptions.in(folder));

    assertThat(marks.items()).isEqualTo(2);
    assertThat(marks.kind()).isEqualTo(Marks.Kind.MEAN);
    assertThat(marks.mark(0)).isEqualTo(0.5);
    assertThat(marks.extras().get("pass_at_1")).isCloseTo(0.75, within(1e-12));
    assertThat(marks.extras().get("pass_at_2")).isCloseTo((5 / 6.0 + 1) / 2, within(1e-12));
    assertThat(marks.extras()).doesNotContainKey("pass_at_5");
  }

  @Test
  void tests_may_lie_in_a_file_by_what_was_asked() throws Exception {
    sandboxed();
    Scoring.Code plain = Objects.requireNonNull(code(List.of("python3", "-I", "answer.py")).code());
    Scoring scoring =
        Scoring.NONE.with(
            new Scoring.Code(
                plain.command(),
                plain.file(),
                plain.template(),
                plain.limits(),
                List.of(),
                List.of(new Scoring.Tests("Double it.", TESTS))));
    String asked = "[{\"role\": \"user\", \"content\": \"Double it.\"}]";
    var criteria = Arms.criteria("pass_at_1", List.of(), scoring);

    assertThat(Scorers.readsQuestions(criteria)).isTrue();
    assertThat(
            Arms.marks(
                    criteria,
                    List.of(new Answer("a", asked, "def double", RIGHT)),
                    ScoringOptions.in(folder))
                .rights())
        .isEqualTo(1);
    assertThatThrownBy(
            () ->
                Arms.marks(
                    criteria,
                    List.of(new Answer("a", "Halve it.", "", RIGHT)),
                    ScoringOptions.in(folder)))
        .hasMessageContaining("no tests for 1 of 1 items");
  }

  @Test
  void a_missing_interpreter_is_no_failure_of_the_code() {
    assertThatThrownBy(() -> marks(List.of("no-such-language"), RIGHT))
        .isInstanceOf(Sandbox.Unusable.class)
        .hasMessageContaining("no-such-language");
  }

  private Marks marks(List<String> command, String... answers) throws Exception {
    sandboxed();
    List<Answer> arm = new ArrayList<>();
    for (String answer : answers) {
      arm.add(new Answer("item " + arm.size(), "", TESTS, answer));
    }
    return Scorers.mark(
        Arms.criteria("pass_at_1", List.of(), code(command)), arm, ScoringOptions.in(folder));
  }

  private static Scoring code(List<String> command) {
    return code(command, Scorers.pythonTemplate());
  }

  private static Scoring code(List<String> command, String template) {
    return Scoring.NONE.with(
        new Scoring.Code(
            command,
            "answer.py",
            template,
            new Scoring.Limits(Duration.ofSeconds(2), 256, 32, 16, 64),
            List.of(),
            List.of()));
  }

  private void sandboxed() throws Exception {
    try {
      Sandbox.in(folder)
          .check(
              new Sandbox.Job(List.of("python3"), Map.of(), "", List.of()),
              new Sandbox.Limits(Duration.ofSeconds(5), 256, 32, 16, 64));
    } catch (Sandbox.Unusable here) {
      assumeTrue(false, here.getMessage());
    }
  }
}
