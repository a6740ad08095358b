package io.fettle.data.dvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.Fuzz;
import io.fettle.data.Noise;
import io.fettle.data.dvc.DvcPointer.UnusablePointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pointer comes with somebody's repository. */
class PointerOfNoiseTest {
  private static final List<String> PATHS =
      List.of(
          "r",
          "d",
          ".",
          "..",
          "../r",
          "d/../../r",
          "/etc/passwd",
          "\"a\\0b\"",
          "~",
          "\"\"",
          "1_0",
          "0x1F",
          "!!binary x",
          "&a r",
          "*a",
          "{a: b}",
          "[r]",
          "\"\\ud800\"",
          "d/loop/loop/f");

  private static final String MD5 = Md5.of("row\n".getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;
  private Path inner;

  @BeforeEach
  void prepare() throws IOException {
    inner = Files.createDirectory(folder.resolve("repository"));
    Files.writeString(inner.resolve("r"), "row\n");
    Files.writeString(folder.resolve("r"), "row\n");
    Path data = Files.createDirectory(inner.resolve("d"));
    Files.writeString(data.resolve("f"), "row\n");
    Files.createSymbolicLink(data.resolve("loop"), data);
  }

  @Test
  void it_points_below_its_folder_or_is_refused_with_a_sentence() {
    Fuzz.tries(
        2_000,
        random -> {
          byte[] text = pointer(random).getBytes(StandardCharsets.UTF_8);
          Path file = inner.resolve("it.dvc");
          Files.write(file, random.nextBoolean() ? text : Noise.damaged(text, random));
          try {
            var pointer = DvcPointer.read(file);
            assertThat(pointer.outs()).allMatch(out -> out.path().startsWith(inner));
            assertThat(pointer.verified()).allMatch(path -> path.startsWith(inner));
          } catch (UnusablePointer e) {
            assertThat(e.getMessage()).startsWith(inner.toString());
          }
        });
  }

  @Test
  void a_folder_that_links_to_itself_is_refused() throws IOException {
    Path file = inner.resolve("it.dvc");
    Files.writeString(file, "outs:\n- md5: " + "ab".repeat(16) + ".dir\n  path: d\n");
    var pointer = DvcPointer.read(file);

    assertThatThrownBy(pointer::verified)
        .isInstanceOf(UnusablePointer.class)
        .hasMessageContaining("links to a folder that it lies in");
  }

  @Test
  void a_key_twice_and_deep_nesting_are_refused() throws IOException {
    Path file = inner.resolve("it.dvc");
    for (String text :
        List.of(
            "outs:\n- md5: " + "ab".repeat(16) + "\n  path: ../r\n  path: r\n",
            "outs: " + "[".repeat(100_000),
            "- ".repeat(100_000) + "a")) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> DvcPointer.read(file)).isInstanceOf(UnusablePointer.class);
    }
  }

  private static String pointer(RandomGenerator random) {
    var text = new StringBuilder();
    if (random.nextInt(4) == 0) {
      text.append("wdir: ").append(one(PATHS, random)).append('\n');
    }
    text.append("outs:\n");
    for (int n = random.nextInt(3); n >= 0; n--) {
      text.append("- md5: ").append(one(List.of(MD5, MD5 + ".dir", "x"), random));
      text.append("\n  path: ").append(one(PATHS, random));
      text.append("\n  size: ").append(one(List.of("4", "-1", "x", "1e9", "[]"), random));
      text.append(random.nextBoolean() ? "\n  hash: md5\n" : "\n");
    }
    return text.toString();
  }

  private static String one(List<String> all, RandomGenerator random) {
    return all.get(random.nextInt(all.size()));
  }
}
