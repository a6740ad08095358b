package io.fettle.activities.capacity.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.compute.model.Instance;
import com.google.api.services.compute.model.Metadata;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarksTest {
  private static final String RUN = "Support triage, 3rd try / ä";

  private static GceOptions options(String owner, String template) {
    return new GceOptions(
        "gcp",
        owner,
        "p",
        Optional.empty(),
        template,
        Map.of("z-a", ""),
        List.of(Market.SPOT),
        Map.of(),
        Map.of(),
        Duration.ofSeconds(1));
  }

  private static Marks marks(String owner) {
    return new Marks(options(owner, "fettle-20260102030405000000000001"));
  }

  private static Intent intent(String token) {
    var offer =
        new Offer("gcp", "l4-24gb-x1", 1, "", Market.SPOT, List.of(new Place("g2", "z-a", 1)));
    return new Intent(token, "me", new Execution("ns", RUN, "x"), offer, CapacityTerms.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "fettle-20260102030405000000000001,fettle-",
    "fettle-smoke-2026010203040500000000000a,fettle-smoke-",
    "regions/europe-west4/instanceTemplates/agents-l4,agents-l4-",
    "projects/p/global/instanceTemplates/agents,agents-",
    "0123,fettle-"
  })
  void a_machines_name_begins_with_its_templates(String template, String prefix) {
    assertThat(new Marks(options("me", template)).name("t-1"))
        .startsWith(prefix)
        .matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
  }

  @Test
  void a_longer_template_still_makes_a_name() {
    assertThat(new Marks(options("me", "a".repeat(63))).name("t"))
        .matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
  }

  @Test
  void names_and_request_ids_follow_from_owner_and_token_alone() {
    assertThat(marks("me").name("t-1")).isEqualTo(marks("me").name("t-1"));
    assertThat(marks("me").request("t-1")).isEqualTo(marks("me").request("t-1"));
    var names = new HashSet<String>();
    for (var owner : List.of("me", "them")) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(names.add(marks(owner).name("t-" + i))).isTrue();
      }
    }
  }

  @Test
  void every_label_may_stand_and_metadata_has_every_word() {
    var marks = marks("team-0123456789");

    assertThat(marks.labels(intent("t-1")))
        .allSatisfy((key, value) -> assertThat(value).matches("[a-z0-9_-]{1,63}"))
        .containsEntry("fettle-owner", "team-0123456789")
        .containsEntry("fettle-acquisition", "t-1")
        .containsEntry("fettle-shape", "l4-24gb-x1")
        .containsEntry("fettle-expiry", "900s")
        .containsEntry("fettle-grace", "210s");
    assertThat(marks.words(intent("t-1")))
        .containsEntry("fettle-run", RUN)
        .containsEntry("fettle-expiry", "PT15M")
        .containsEntry("fettle-grace", "PT3M30S");
  }

  @Test
  void different_words_have_different_labels() {
    var random = new Random(3);
    var labels = new HashSet<String>();
    var words = new HashSet<String>();
    for (int i = 0; i < 20_000; i++) {
      var word = new StringBuilder();
      random.ints(1 + random.nextInt(80), ' ', 0x250).forEach(word::appendCodePoint);
      if (words.add(word.toString())) {
        var label = Marks.label(word.toString());
        assertThat(label).matches("[a-z0-9_-]{1,63}");
        assertThat(labels.add(label)).isTrue();
      }
    }
  }

  @Test
  void a_mark_is_read_word_for_word_or_from_its_label() {
    var labelled = new Instance().setLabels(Map.of("fettle-run", "run-1"));
    var whole =
        new Instance()
            .setLabels(labelled.getLabels())
            .setMetadata(
                new Metadata()
                    .setItems(List.of(new Metadata.Items().setKey("fettle-run").setValue(RUN))));

    assertThat(Marks.word(whole, Marks.RUN)).isEqualTo(RUN);
    assertThat(Marks.word(labelled, Marks.RUN)).isEqualTo("run-1");
    assertThat(Marks.word(labelled, Marks.ACQUISITION)).isEmpty();
  }

  @Test
  void a_machine_of_another_owner_or_pool_is_not_ours() {
    var ours = Map.of("fettle-owner", "me", "fettle-pool", "gcp", "fettle-acquisition", "t-1");
    var theirs = Map.of("fettle-owner", "them", "fettle-pool", "gcp", "fettle-acquisition", "t-1");
    var other = Map.of("fettle-owner", "me", "fettle-pool", "gcp2", "fettle-acquisition", "t-1");

    assertThat(marks("me").areOn(new Instance().setLabels(ours), "t-1")).isTrue();
    assertThat(marks("me").areOn(new Instance().setLabels(ours), "t-2")).isFalse();
    assertThat(marks("me").areOn(new Instance().setLabels(theirs), "t-1")).isFalse();
    assertThat(marks("me").areOn(new Instance().setLabels(other))).isFalse();
    assertThat(marks("me").areOn(new Instance())).isFalse();
  }
}
