package io.fettle.data.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.filter.PersonalData.Kind;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {
  /** Published test numbers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          4111 1111 1111 1111         | CARD
          5500-0055-5555-5559         | CARD
          378282246310005             | CARD
          GB82 WEST 1234 5698 7654 32 | IBAN
          DE89370400440532013000      | IBAN
          529.982.247-25              | CPF
          12345678Z                   | DNI
          X1234567-L                  | DNI
          GB82 WEST 1234 5698 7654 32 is an account of | IBAN
          4111 1111 1111 1111 12/27   | CARD
          jane.doe+x@mail.example.com | EMAIL
          _jane@example.org.          | EMAIL
          +49 (0)30 1234567           | PHONE
          +1-555-010-4477             | PHONE
          8.8.4.4                     | IPV4
          2a00:1450:4001:81b::200e    | IPV6
          """)
  void what_passes_its_check_is_taken_out_and_counted(String number, Kind kind) {
    var redacted = PersonalData.redact("Mine is " + number + ", and yours?");

    assertThat(redacted.text()).startsWith("Mine is [" + kind + "]").endsWith(", and yours?");
    assertThat(redacted.found()).isEqualTo(Map.of(kind, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111 1111 1111 1112",
        "1234567890123456",
        "pi is 3.14159265358979323846",
        "order 20261127-1700-0001",
        "DE89370400440532013001",
        "529.982.247-26",
        "12345678A",
        "127.0.0.1 and 10.1.2.3 and 203.0.113.9",
        "version 1.2.3 and 1.2.3.4.5 and 300.1.2.3",
        "at 12:30:45, std::face::feed, dead::beef",
        "2001:db8::1:2 and fe80::1:2:3",
        "+1 and +123 456 and a+4912345678",
        "me@home, a@b.c, @everyone, x@1.2",
        "sha 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
      })
  void what_does_not_stays(String text) {
    assertThat(PersonalData.redact(text).text()).isEqualTo(text);
  }

  @Test
  void several_of_a_text_are_all_taken_out() {
    var redacted = PersonalData.redact("4111111111111111 or 4012888888881881; $1 \\ stay");

    assertThat(redacted.text()).isEqualTo("[CARD] or [CARD]; $1 \\ stay");
    assertThat(redacted.found()).containsEntry(Kind.CARD, 2);
  }

  @Test
  void a_row_says_how_many_of_which_kind_it_lost_and_keeps_the_rest() {
    var call =
        "[{\"function\":{\"name\":\"pay\",\"arguments\":{\"card\":4111111111111111,\"to\":\"a@example.com\",\"sum\":1.50}}}]";
    var row =
        new Row(
            "rows.jsonl",
            3,
            List.of(
                new Message(Role.USER, "Pay with 4111111111111111, I am a@example.com"),
                new Message(Role.ASSISTANT, "", call, ""),
                new Message(Role.TOOL, "paid", "", "1"),
                new Message(Role.ASSISTANT, "Done.")),
            "g",
            "Call +4930123456789",
            "");

    var redacted = PersonalData.redact(row);

    assertThat(redacted.found()).isEqualTo(Map.of(Kind.CARD, 2, Kind.EMAIL, 2, Kind.PHONE, 1));
    assertThat(redacted.row())
        .isEqualTo(
            new Row(
                "rows.jsonl",
                3,
                List.of(
                    new Message(Role.USER, "Pay with [CARD], I am [EMAIL]"),
                    new Message(
                        Role.ASSISTANT,
                        "",
                        "[{\"function\":{\"name\":\"pay\",\"arguments\":{\"card\":\"[CARD]\",\"to\":\"[EMAIL]\",\"sum\":1.50}}}]",
                        ""),
                    new Message(Role.TOOL, "paid", "", "1"),
                    new Message(Role.ASSISTANT, "Done.")),
                "g",
                "Call [PHONE]",
                ""));
  }

  @Test
  void a_row_without_any_is_the_same_row_and_only_kinds_that_are_asked_for_go() {
    var row = new Row("a", 1, List.of(new Message(Role.ASSISTANT, "8.8.8.8, a@example.com")), "");

    assertThat(PersonalData.redact(row, Set.of(Kind.CARD)).row()).isSameAs(row);
    assertThat(PersonalData.redact(row, Set.of(Kind.EMAIL)).row().response())
        .isEqualTo("8.8.8.8, [EMAIL]");
  }
}
