package io.fettle.data.prepare;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.filter.RowFilter;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Source;
import java.util.Locale;

/** Options as a manifest tells them. */
final class Recipe {
  private static final JsonMapper JSON = new JsonMapper();

  private Recipe() {}

  static ObjectNode of(PrepareOptions options) {
    ObjectNode recipe = JSON.createObjectNode();
    if (!options.benchmarks().isEmpty()) {
      var benchmarks = recipe.putObject("benchmarks");
      options.benchmarks().forEach(file -> benchmarks.set(file.name(), fields(file.fields())));
    }
    recipe.put("deduplicate", options.duplicates().name().toLowerCase(Locale.ROOT));
    recipe.set("dev", share(options.dev()));
    options.pool().stream()
        .map(Source::fields)
        .distinct()
        .forEach(fields -> recipe.set("fields", fields(fields)));
    var filters = recipe.putArray("filters");
    options.cleaning().filters().stream().map(RowFilter::rule).forEach(filters::add);
    var formats = recipe.putObject("formats");
    options.pool().forEach(source -> formats.put(source.name(), format(source)));
    options.testSet().forEach(source -> formats.put(source.name(), format(source)));
    recipe.put("max_tokens", options.maxTokens());
    recipe.put("min_tokens", options.minTokens());
    recipe.put("redact", options.cleaning().redacts());
    recipe.put("seed", options.seed());
    recipe.put("stops_on_swaps", options.cleaning().stopsOnSwaps());
    recipe.set("test", share(options.test()));
    return recipe;
  }

  private static ObjectNode share(Share share) {
    ObjectNode said = JSON.createObjectNode();
    return switch (share) {
      case Share.Fraction(double fraction) -> said.put("fraction", fraction);
      case Share.Rows(int count) -> said.put("rows", count);
      case Share.None() -> said.put("rows", 0);
    };
  }

  private static ObjectNode fields(FieldMapping fields) {
    ObjectNode said = JSON.createObjectNode();
    if (!fields.batch().isEmpty()) {
      said.put("batch", fields.batch());
    }
    return said.put("completion", fields.completion())
        .put("group", fields.group())
        .put("prompt", fields.prompt())
        .put("system", fields.system())
        .put("system_text", fields.systemText());
  }

  private static String format(Source source) {
    return "%s, %s"
        .formatted(source.format().container(), source.format().shape())
        .toLowerCase(Locale.ROOT);
  }
}
