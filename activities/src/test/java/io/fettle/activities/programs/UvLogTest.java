package io.fettle.activities.programs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UvLogTest {
  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();
  private Path file;
  private UvLog log;

  @BeforeEach
  void open() {
    file = folder.resolve("train.log");
    log =
        new UvLog(
            file,
            "train",
            (environment, phase, done, total, unit) ->
                told.add("%s: %s %d/%d %s".formatted(environment, phase, done, total, unit)));
  }

  @Test
  void what_uv_writes_becomes_a_bar_that_grows_with_each_finished_file() throws IOException {
    log.tell();
    writes("Using Python 3.11.7 environment at: e\nResolved 84 packages in 768ms\n");
    writes(
        "Downloading numpy (16.0MiB)\nDownloading torch (1.5GiB)\nDownloading tiny (512.0KiB)\n Downlo");
    writes("aded numpy\n Downloaded tiny\n");
    writes(
        " Downloaded torch\nPrepared 84 packages in 40s\nInstalled 84 packages in 2s\n + torch==2.13.0\n");
    assertThat(told)
        .containsExactly(
            "train: download 0/84 packages",
            "train: download torch 0/1627914240 bytes",
            "train: download numpy 16777216/1627914240 bytes",
            "train: download tiny 17301504/1627914240 bytes",
            "train: download torch 17301504/1627914240 bytes",
            "train: download torch 1627914240/1627914240 bytes",
            "train: install 0/84 packages",
            "train: installed 84/84 packages");
  }

  @Test
  void what_it_does_not_know_is_passed_over() throws IOException {
    writes("warning: something new\n Downloaded unheard-of\nDownloading a (b)\n\n");
    assertThat(told).containsExactly("train: download unheard-of 0/0 bytes");
  }

  private void writes(String text) throws IOException {
    Files.writeString(file, text, CREATE, APPEND);
    log.tell();
  }
}
