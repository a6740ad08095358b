package io.fettle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceSizeTest {
  private static final Path ROOT = Path.of(System.getProperty("fettle.root"));

  @Test
  void every_source_file_keeps_the_hard_stops() throws IOException {
    assertThat(SourceSize.findings(sources())).isEmpty();
  }

  @Test
  void a_long_method_is_found() throws IOException {
    String body = "a();\n".repeat(SourceSize.MOST_METHOD_LINES + 1);
    assertThat(SourceSize.findings("class A {\nvoid a() {\n" + body + "}\n}"))
        .singleElement()
        .asString()
        .contains("a: 41 lines, at most 40");
    assertThat(SourceSize.findings("class A {\nvoid a() {\n" + body.substring(5) + "}\n}"))
        .isEmpty();
  }

  @Test
  void a_long_file_is_found() throws IOException {
    assertThat(SourceSize.findings("class A {}\n" + "//\n".repeat(SourceSize.MOST_FILE_LINES)))
        .singleElement()
        .asString()
        .contains("401 lines, at most 400");
  }

  @Test
  void a_fourth_level_is_found_and_else_if_is_no_level() throws IOException {
    String deep = "class A { void a() { if (x) { for (;;) { while (y) { %s } } } } }";
    assertThat(SourceSize.findings(deep.formatted("try { b(); } finally { c(); }")))
        .singleElement()
        .asString()
        .contains("a: 4 levels of nesting, at most 3");
    assertThat(SourceSize.findings(deep.formatted("b();"))).isEmpty();
    assertThat(
            SourceSize.findings(
                "class A { void a() { if (b) {} else if (c) {} else if (d) {} else if (e) {} } }"))
        .isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (var modules = Files.list(ROOT);
        var libraries = Files.list(ROOT.resolve("libraries"))) {
      return Stream.concat(modules, libraries)
          .map(module -> module.resolve("src"))
          .filter(Files::isDirectory)
          .flatMap(SourceSizeTest::javaFiles)
          .toList();
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
