package io.fettle.activities.disks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
  @TempDir Path folder;

  @Test
  void a_folder_is_gone_when_its_work_has_ended() throws Exception {
    Path mine;
    try (var scratch = Scratch.in(folder.resolve("work"), "prepare")) {
      mine = Files.writeString(scratch.folder().resolve("rows.jsonl"), "{}");
      assertThat(mine).exists();
    }

    assertThat(folder.resolve("work")).isEmptyDirectory();
  }

  @Test
  void what_a_killed_process_left_goes_when_the_next_one_of_its_kind_begins() throws Exception {
    var process = victim();
    try (var said = process.inputReader()) {
      Path left = Path.of(said.readLine());
      try (var other = Scratch.in(folder, "prepare")) {
        assertThat(left.resolve("rows.jsonl")).as("its process lives").exists();
        assertThat(other.folder()).isNotEqualTo(left);
      }
      process.destroyForcibly().waitFor();
      Scratch.in(folder, "merge").close();
      assertThat(left.resolve("rows.jsonl")).as("work of another kind").exists();

      Scratch.in(folder, "prepare").close();

      assertThat(left).doesNotExist();
    }
  }

  @Test
  void neither_a_strangers_folder_goes_nor_one_that_this_process_still_needs() throws Exception {
    Path strange = Files.createDirectory(folder.resolve("prepare-mine"));
    try (var first = Scratch.in(folder, "prepare");
        var second = Scratch.in(folder, "prepare")) {
      Scratch.in(folder, "prepare").close();

      assertThat(strange).exists();
      assertThat(first.folder()).exists();
      assertThat(second.folder()).exists();
    }
  }

  private Process victim() throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                folder.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Takes a folder and never gives it back. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws Exception {
      var scratch = Scratch.in(Path.of(arguments[0]), "prepare");
      Files.writeString(scratch.folder().resolve("rows.jsonl"), "{}");
      System.out.println(scratch.folder());
      new CountDownLatch(1).await();
    }
  }
}
