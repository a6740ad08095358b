package io.fettle.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.store.Stores.Access;
import io.fettle.data.prepare.NamedFiles.NamedFile;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.Share;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedFolderTest {
  @TempDir Path folder;

  @Test
  void a_file_that_goes_after_its_folder_was_listed_is_told_by_its_path() throws Exception {
    Path rows = Files.createDirectory(folder.resolve("rows"));
    for (String name : List.of("a.jsonl", "b.jsonl")) {
      Files.writeString(rows.resolve(name), "{\"prompt\": \"ask\", \"completion\": \"say\"}\n");
    }

    try (var named = NamedRows.of(List.of(rows.toString()), Optional.empty(), () -> Access.USUAL)) {
      Files.delete(rows.resolve("b.jsonl"));

      assertThatThrownBy(() -> prepare(named.files()))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "the file %s is gone since it was found; put it back, or prepare again without it",
              rows.resolve("b.jsonl"));
    }
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private void prepare(List<NamedFile> files) throws IOException, InterruptedException {
    var options =
        new PrepareOptions(
            files.stream().map(PreparedFolderTest::source).toList(),
            List.of(),
            List.of(),
            PrepareOptions.Duplicates.EXACT,
            PrepareOptions.Cleaning.none(),
            0,
            100,
            new Share.None(),
            new Share.None(),
            17,
            2);
    var asked = new PreparedFolder.Asked(options, Optional.empty(), options.recipe(), "");
    PreparedFolder.write(asked, folder.resolve("out"), (_, _) -> {});
  }

  private static Source source(NamedFile file) {
    return new Source(
        file.path(), file.name(), Format.PROMPT_COMPLETION_JSONL, FieldMapping.usual());
  }
}
