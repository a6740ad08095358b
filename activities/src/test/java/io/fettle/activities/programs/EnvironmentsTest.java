package io.fettle.activities.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.fettle.activities.Forked;
import io.fettle.activities.programs.Program.Exit;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentsTest {
  private static final Path REAL =
      Path.of(System.getProperty("fettle.root", ".."), "activities/programs");

  @TempDir Path folder;
  private Path programs;
  private Environments environments;

  @BeforeEach
  void makeAProgram() throws IOException {
    programs =
        Files.createDirectories(folder.resolve("programs/greet/src/greet"))
            .getParent()
            .getParent()
            .getParent();
    Files.writeString(
        programs.resolve("greet/src/greet/__main__.py"),
        "import sys, six; print('hello', sys.argv[1], six.__name__)\n");
    Files.writeString(programs.resolve("greet/src/greet/__init__.py"), "");
    Files.writeString(
        programs.resolve("greet/requirements.lock"),
        """
        # written by uv
        six==1.17.0 \\
            --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274 \\
            --hash=sha256:ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81
            # via -r requirements.in
        """);
    Files.copy(REAL.resolve("uv.lock"), programs.resolve("uv.lock"));
    environments = environments(Optional.empty());
  }

  @Test
  void a_lock_is_read_requirement_by_requirement() throws IOException {
    Lock train = Lock.of(REAL, "train");
    assertThat(train.requirements())
        .extracting(Lock.Requirement::name)
        .contains("torch", "transformers", "triton", "peft");
    assertThat(train.requirements())
        .filteredOn(Lock.Requirement::isCuda)
        .extracting(Lock.Requirement::name)
        .contains("torch", "triton", "nvidia-cublas")
        .doesNotContain("transformers", "tokenizers");
    assertThat(train.requirements())
        .allSatisfy(one -> assertThat(one.text()).contains(one.pin(), "--hash=sha256:"));
    assertThatIOException()
        .isThrownBy(() -> Lock.of(REAL, "nothing"))
        .withMessageContaining("no Python environment 'nothing'");
  }

  @Test
  void environments_together_cost_what_they_share_once() throws IOException {
    var real =
        new Environments(new Environments.Options(REAL, folder.resolve("home"), Optional.empty()));
    long train = real.cost(List.of("train")).diskBytes();
    long serve = real.cost(List.of("serve")).diskBytes();
    long both = real.cost(List.of("train", "serve")).diskBytes();
    assertThat(train).isBetween(4_000_000_000L, 9_000_000_000L);
    assertThat(both)
        .isLessThan(train + serve - 3_000_000_000L)
        .isGreaterThan(Math.max(train, serve));
  }

  @Test
  void the_hash_follows_the_lock_and_the_index_that_torch_comes_from() throws IOException {
    String before = environments.lockHash("greet");
    assertThat(environments(Optional.of(URI.create("https://example.org/cpu"))).lockHash("greet"))
        .isNotEqualTo(before);
    Files.writeString(programs.resolve("greet/requirements.lock"), "# changed\n");
    assertThat(environments.lockHash("greet")).isNotEqualTo(before);
  }

  @Test
  void a_disk_that_is_too_small_is_told_before_anything_is_fetched() throws IOException {
    Files.writeString(programs.resolve("sizes.json"), "{\"six\":[1,9000000000000000]}");
    assertThatIOException()
        .isThrownBy(() -> environments.python("greet"))
        .withMessageContaining("needs 9000000.0 GB")
        .withMessageContaining("set FETTLE_HOME");
    assertThat(folder.resolve("home/envs")).doesNotExist();
  }

  @Test
  void the_lock_of_a_killed_maker_is_seen_to_be_stale_and_a_live_ones_is_kept() throws Exception {
    Path file = folder.resolve("x.lock");
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.writeString(file, dead.pid() + "\n");
    List<String> waited = new ArrayList<>();
    var looked = new CountDownLatch(2);
    Future<Boolean> other;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try (var mine = MakerLock.take(file, () -> waited.add("looked"))) {
        assertThat(waited).isNotEmpty();
        mine.confirm();
        other = threads.submit(() -> tookAndLeft(file, looked));
        looked.await();
        assertThat(other.isDone()).isFalse();
      }
    }
    assertThat(other.get()).isTrue();
    assertThat(folder)
        .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("x.lock"));
  }

  private static boolean tookAndLeft(Path file, CountDownLatch looked) throws Exception {
    try (var lock = MakerLock.take(file, looked::countDown)) {
      lock.confirm();
      return true;
    }
  }

  @Test
  @Tag("real")
  void an_environment_is_made_once_however_many_processes_ask_and_its_program_runs()
      throws Exception {
    Process other =
        Forked.java(Asker.class, programs.toString(), folder.resolve("home").toString());
    Path python = environments.python("greet");
    assertThat(other.inputReader().readLine()).isEqualTo(python.toString());
    assertThat(other.waitFor()).isZero();
    assertThat(environments.isMade("greet")).isTrue();
    assertThat(environments.cost(List.of("greet")).diskBytes()).isZero();

    Program program =
        Program.start(
            environments.module("greet", folder.resolve("work"), "greet", List.of("you")));
    assertThat(program.await(Duration.ofMinutes(1)))
        .get()
        .isInstanceOfSatisfying(Exit.Returned.class, exit -> assertThat(exit.code()).isZero());
    assertThat(program.stdout()).hasContent("hello you six");
  }

  @Test
  @Tag("real")
  void a_half_made_environment_is_made_again_and_a_wrong_hash_is_a_sentence() throws Exception {
    Path python = environments.python("greet");
    Files.delete(python.resolveSibling("../.complete").normalize());
    Files.delete(python);
    assertThat(environments.python("greet")).isExecutable();

    String lock = Files.readString(programs.resolve("greet/requirements.lock"));
    Files.writeString(
        programs.resolve("greet/requirements.lock"),
        lock.replaceAll("sha256:[0-9a-f]{8}", "sha256:00000000"));
    assertThatIOException()
        .isThrownBy(() -> environments.python("greet"))
        .withMessageContaining("the Python environment greet could not be installed")
        .withMessageContaining("Hash mismatch");
    assertThat(environments.isMade("greet")).isFalse();
  }

  private Environments environments(Optional<URI> torchIndex) {
    return new Environments(new Environments.Options(programs, folder.resolve("home"), torchIndex));
  }

  static final class Asker {
    public static void main(String[] args) throws Exception {
      var options = new Environments.Options(Path.of(args[0]), Path.of(args[1]), Optional.empty());
      System.out.println(new Environments(options).python("greet"));
    }
  }
}
