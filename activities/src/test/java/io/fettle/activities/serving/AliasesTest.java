package io.fettle.activities.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.serving.FlipAlias;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AliasesTest {
  @TempDir private Path folder;

  @Test
  void a_flip_makes_the_next_version_and_a_repeat_of_it_succeeds() throws IOException {
    try (ObjectStore store = Stores.open(folder.toUri())) {
      Aliases aliases = new Aliases(store);
      FlipAlias first = new FlipAlias("triage", 0, "m1", "http://127.0.0.1:1", "model");

      assertThat(aliases.flipAlias(first)).isEqualTo(aliases.flipAlias(first));
      assertThat(
              aliases
                  .flipAlias(new FlipAlias("triage", 1, "m2", "http://127.0.0.1:2", "model"))
                  .version())
          .isEqualTo(2);
      assertThat(aliases.currentAlias("triage").map(Alias::modelId)).contains("m2");
    }
  }

  @Test
  void a_flip_over_another_incumbent_is_refused_and_changes_nothing() throws IOException {
    try (ObjectStore store = Stores.open(folder.toUri())) {
      Aliases aliases = new Aliases(store);
      aliases.flipAlias(new FlipAlias("triage", 0, "m1", "http://127.0.0.1:1", "model"));

      assertThatThrownBy(
              () ->
                  aliases.flipAlias(
                      new FlipAlias("triage", 0, "m2", "http://127.0.0.1:2", "model")))
          .isInstanceOfSatisfying(
              ApplicationFailure.class,
              failure -> assertThat(failure.getType()).isEqualTo("IncumbentChanged"))
          .hasMessageContaining("is at version 1, the gate measured version 0");
      assertThat(aliases.currentAlias("triage").map(Alias::modelId)).contains("m1");
    }
  }

  @Test
  void an_endpoint_that_was_never_deployed_has_no_alias() throws IOException {
    try (ObjectStore store = Stores.open(folder.toUri())) {
      assertThat(new Aliases(store).currentAlias("triage")).isEmpty();
    }
  }
}
