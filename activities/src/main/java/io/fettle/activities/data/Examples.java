package io.fettle.activities.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.data.DatasetReport.Tokens;
import io.fettle.data.prepare.Part;
import io.fettle.data.row.RowJson;
import io.fettle.data.version.DatasetManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which of the rendered rows are shown. */
final class Examples {
  /** Of the rows that were rendered first; as many are looked for among the rows to train on. */
  private static final int CANDIDATES = 50;

  private static final int SHOWN = 5;

  private Examples() {}

  /**
   * Rows to train on, as far as some were rendered. Parts keep the order of the rows that were
   * read: of the first so many, none lies further behind in its part.
   */
  static Tokens chosen(Tokens tokens, Path tree, DatasetManifest manifest) throws IOException {
    Set<String> trained = firstIds(tree, manifest.part(Part.TRAIN.word()));
    List<JsonNode> examples = new ArrayList<>();
    tokens.examples().stream().filter(each -> isOf(trained, each)).forEach(examples::add);
    tokens.examples().stream().filter(each -> !isOf(trained, each)).forEach(examples::add);
    return new Tokens(
        tokens.templateSha256(),
        tokens.tokenizerSha256(),
        tokens.counted(),
        examples.subList(0, Math.min(SHOWN, examples.size())));
  }

  private static boolean isOf(Set<String> ids, JsonNode example) {
    return ids.contains(example.path("id").asText());
  }

  private static Set<String> firstIds(Path tree, DatasetManifest.Part train) throws IOException {
    Set<String> ids = new HashSet<>();
    for (DatasetManifest.Shard shard : train.shards()) {
      try (var lines = Files.newBufferedReader(tree.resolve(shard.file()))) {
        for (String line = lines.readLine();
            line != null && ids.size() < CANDIDATES;
            line = lines.readLine()) {
          ids.add(RowJson.id(line));
        }
      }
    }
    return ids;
  }
}
