package io.fettle.data.dvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.dvc.DvcPointer.UnusablePointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what DVC 3.67.1 wrote for the same files; the program itself is asked in DvcRealTest. */
class DvcTest {
  private static final String LIST =
      """
      [{"md5": "99914b932bd37a50b983c5e7c90ae93b", "relpath": "manifest.json"}, \
      {"md5": "4588ff3797b78d819d858fa3bdd82b09", "relpath": "shards/b.jsonl"}, \
      {"md5": "e65975bbb212f40b0b9224d0ed17136d", "relpath": "\\u00fc.txt"}]""";

  private static final String POINTER =
      """
      outs:
      - md5: 202fd62f7bc23d8cf3825695ebf2275d.dir
        size: 14
        nfiles: 3
        hash: md5
        path: d
      """;

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void prepare() throws IOException {
    data = folder.resolve("d");
    Files.createDirectories(data.resolve("shards"));
    Files.writeString(data.resolve("shards/b.jsonl"), "{\"a\":1}\n");
    Files.writeString(data.resolve("\u00fc.txt"), "x\r\ny");
    Files.writeString(data.resolve("manifest.json"), "{}");
  }

  @Test
  void what_is_exported_is_what_dvc_add_writes() throws IOException {
    Path cache = folder.resolve("cache");

    DvcExport.write(data, folder.resolve("d.dvc"), cache);

    assertThat(folder.resolve("d.dvc")).hasContent(POINTER);
    assertThat(cache.resolve("files/md5/20/2fd62f7bc23d8cf3825695ebf2275d.dir")).hasContent(LIST);
    assertThat(cache.resolve("files/md5/e6/5975bbb212f40b0b9224d0ed17136d"))
        .hasSameBinaryContentAs(data.resolve("\u00fc.txt"));
    try (var all = Files.walk(cache)) {
      assertThat(all.filter(Files::isRegularFile)).hasSize(4);
    }
  }

  @Test
  void what_was_exported_is_taken_in_again() throws IOException {
    DvcExport.write(data, folder.resolve("d.dvc"), folder.resolve("cache"));

    assertThat(DvcPointer.read(folder.resolve("d.dvc")).verified())
        .containsExactly(
            data.resolve("manifest.json"),
            data.resolve("shards/b.jsonl"),
            data.resolve("\u00fc.txt"));
  }

  @Test
  void data_that_is_not_here_gives_the_command_that_fetches_it() throws IOException {
    var pointer = pointer("outs:\n- md5: 6029df5d5f174562331894e077dc60b1\n  path: rows.jsonl\n");

    assertThatThrownBy(pointer::verified)
        .isInstanceOf(UnusablePointer.class)
        .hasMessageContaining("run `dvc pull " + pointer.file() + "`");
  }

  @Test
  void a_file_with_one_other_byte_is_refused() throws IOException {
    var pointer =
        pointer(
            "outs:\n- md5: 6029df5d5f174562331894e077dc60b1\n  size: 5\n  hash: md5\n  path: r\n");
    Files.writeString(folder.resolve("r"), "row\r\n");
    assertThat(pointer.verified()).containsExactly(folder.resolve("r"));

    Files.writeString(folder.resolve("r"), "rov\r\n");
    assertThatThrownBy(pointer::verified)
        .hasMessageContaining("not 6029df5d5f174562331894e077dc60b1");
    Files.writeString(folder.resolve("r"), "row\n");
    assertThatThrownBy(pointer::verified).hasMessageContaining("it has 4 bytes, not 5");
  }

  @Test
  void a_folder_with_a_file_more_is_refused() throws IOException {
    var pointer = pointer(POINTER);
    assertThat(pointer.verified()).hasSize(3);

    Files.writeString(data.resolve("more"), "");

    assertThatThrownBy(pointer::verified)
        .isInstanceOf(UnusablePointer.class)
        .hasMessageContaining("run `dvc checkout");
  }

  @Test
  void text_that_an_older_dvc_hashed_without_carriage_returns_is_known() throws IOException {
    Files.writeString(folder.resolve("r"), "row\r\n\rend\r");
    Files.writeString(folder.resolve("unix"), "row\n\rend\r");
    var pointer =
        pointer("outs:\n- md5: %s\n  path: r\n".formatted(Md5.of(folder.resolve("unix"))));

    assertThat(pointer.verified()).containsExactly(folder.resolve("r"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "outs: 3",
        "outs:\n- path: r\n",
        "outs:\n- md5: ../../x\n  path: r\n",
        "outs:\n- md5: 6029df5d5f174562331894e077dc60b1\n  hash: etag\n  path: r\n",
        "outs:\n- md5: 6029df5d5f174562331894e077dc60b1\n  path: ../r\n",
        "outs:\n- md5: 6029df5d5f174562331894e077dc60b1\n  path: /etc/passwd\n",
        "outs:\n- md5: 6029df5d5f174562331894e077dc60b1\n  path: .\n",
        "outs:\n- md5: 6029df5d5f174562331894e077dc60b1\n  path: \"a\\0b\"\n",
        "a: [",
        "*x"
      })
  void what_is_no_pointer_is_refused_with_a_sentence(String text) {
    assertThatThrownBy(() -> pointer(text))
        .isInstanceOf(UnusablePointer.class)
        .hasMessageStartingWith(folder.resolve("it.dvc").toString());
  }

  @Test
  void names_that_yaml_would_take_for_something_else_are_quoted() throws IOException {
    for (String name : new String[] {"true", "17", "a: b", "\u00fc"}) {
      Path file = folder.resolve(name + ".dvc");
      DvcExport.write(data, file, folder.resolve("cache"));

      assertThat(DvcPointer.read(file).outs().getFirst().path()).isEqualTo(folder.resolve(name));
    }
  }

  private DvcPointer pointer(String text) throws IOException {
    return DvcPointer.read(Files.writeString(folder.resolve("it.dvc"), text));
  }
}
