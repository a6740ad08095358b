package io.fettle.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.data.filter.Filters;
import io.fettle.data.prepare.PrepareOptions.Cleaning;
import io.fettle.data.prepare.PrepareOptions.Duplicates;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecipeTest {
  @Test
  void a_recipe_is_this_json() {
    assertThat(recipe("here/rows.csv", 2))
        .hasToString(
            """
            {"deduplicate":"near","dev":{"fraction":0.1},\
            "fields":{"completion":"completion","group":"","prompt":"prompt","system":"","system_text":""},\
            "filters":["refusals","languages de, en"],"formats":{"rows.csv":"csv, prompt_completion"},\
            "max_tokens":512,"min_tokens":1,"redact":true,"seed":17,"stops_on_swaps":false,\
            "test":{"rows":40}}""");
  }

  @Test
  void neither_the_place_of_a_file_nor_the_number_of_threads_is_part_of_it() {
    assertThat(recipe("elsewhere/rows.csv", 7)).isEqualTo(recipe("here/rows.csv", 2));
  }

  private static JsonNode recipe(String file, int threads) {
    return new PrepareOptions(
            List.of(new Source(Path.of(file), "rows.csv", Format.CSV, FieldMapping.usual())),
            List.of(),
            List.of(),
            Duplicates.NEAR,
            new Cleaning(
                List.of(Filters.refusals(), Filters.languages(Set.of("en", "de"))), true, false),
            1,
            512,
            new Share.Fraction(0.1),
            new Share.Rows(40),
            17,
            threads)
        .recipe();
  }
}
