package io.fettle.data.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded properties of what is taken out, on texts made of parts of what it looks for. */
class RedactionPropertiesTest {
  private static final int TRIALS = 20_000;
  private static final int LONG = 1 << 20;
  private static final List<String> PARTS =
      List.of(
          "4111111111111111",
          "4111 1111 1111 1111",
          "DE89370400440532013000",
          "GB82 WEST 1234 ",
          "5698 7654 32",
          "529.982.247-25",
          "12345678Z",
          "X1234567-L",
          "a@example.com",
          "_b",
          "@",
          "mail.example.org",
          "+49 30 1234567",
          "+",
          "-",
          ".",
          ",",
          " ",
          ":",
          "::",
          "8.8.8.8",
          "2a00:1450:4001:81b::200e",
          "1",
          "77",
          "f",
          "é",
          "[CARD]",
          "]",
          "[",
          "(",
          ")",
          "/",
          "%",
          "\ud83d\ude00",
          "\n");
  private static final Pattern STAND =
      Pattern.compile("\\[(?:EMAIL|PHONE|IPV4|IPV6|IBAN|CARD|CPF|DNI)]");

  private static String text(int seed) {
    var random = new Random(seed);
    var text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return text.toString();
  }

  @Test
  void what_is_redacted_once_is_redacted() {
    for (int seed = 0; seed < TRIALS; seed++) {
      var once = PersonalData.redact(text(seed));
      var twice = PersonalData.redact(once.text());

      assertThat(twice.text()).as("of %s", text(seed)).isEqualTo(once.text());
      assertThat(twice.found()).as("of %s", once.text()).isEmpty();
    }
  }

  @Test
  void nothing_but_what_is_counted_changes() {
    int found = 0;
    for (int seed = 0; seed < TRIALS; seed++) {
      var text = text(seed).replace("[CARD]", "");
      var redacted = PersonalData.redact(text);
      int count = redacted.found().values().stream().mapToInt(Integer::intValue).sum();
      var kept = STAND.splitAsStream(redacted.text()).map(Pattern::quote).toList();

      assertThat(STAND.matcher(redacted.text()).results().count()).isEqualTo(count);
      assertThat(text).matches(Pattern.compile(regex(redacted.text(), kept), Pattern.DOTALL));
      found += count;
    }
    assertThat(found).isGreaterThan(TRIALS / 4);
  }

  /** What was kept, with something of at least 7 characters in each gap. */
  private static String regex(String redacted, List<String> kept) {
    var gaps = String.join(".{7,}", kept);
    boolean ends =
        redacted.endsWith("]") && STAND.matcher(redacted).results().count() >= kept.size();
    return ends ? gaps + ".{7,}" : gaps;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 ",
        "1",
        "1-",
        "4111 ",
        "a",
        "a.",
        "a@",
        "a@a.",
        "+1 ",
        "+",
        "1.",
        "1:",
        "::",
        "f:",
        "_-",
        "DE89 ",
        "GB82WEST",
        "X1",
        "(",
        " ",
        "i'm sorry ",
        "\n",
        "as an ai "
      })
  void a_long_line_of_anything_is_read_in_time(String part) {
    var text = part.repeat(LONG / part.length()) + "!";

    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> {
          assertThat(PersonalData.redact(text).text()).endsWith("!");
          assertThat(Refusals.isRefusal(text)).isFalse();
          assertThat(Refusals.hasIdentity(text)).isEqualTo(part.equals("as an ai "));
          assertThat(Repetition.isIn(text)).isEqualTo(text.split("\\s+").length >= 50);
        });
  }
}
