package io.fettle.data.read;

import static io.fettle.data.read.Reading.assistant;
import static io.fettle.data.read.Reading.system;
import static io.fettle.data.read.Reading.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvRowsTest {
  private static final FieldMapping FIELDS = new FieldMapping("text", "category", "", "", "");

  @TempDir Path folder;

  @Test
  void mapped_columns_become_turns_and_every_record_keeps_its_first_line() throws IOException {
    Reading reading =
        read("category,text\r\ncard,\"Where,\r\nis it?\"\r\n\r\npin,Forgot \"\"it\r\n");

    assertThat(reading.ids()).containsExactly("rows:2", "rows:5");
    assertThat(reading.rows().getFirst().messages())
        .containsExactly(user("Where,\nis it?"), assistant("card"));
    assertThat(reading.bad()).isEmpty();
  }

  @Test
  void a_system_column_a_system_text_and_a_group_are_used_where_mapped() throws IOException {
    var fields = new FieldMapping("text", "category", "role", "Sort it.", "customer");

    Reading reading =
        Reading.of(
            Format.CSV,
            fields,
            folder,
            "text,category,role,customer\nHi,a,,c1\nHo,b,Be kind.,c2\n");

    assertThat(reading.rows().get(0).messages().getFirst()).isEqualTo(system("Sort it."));
    assertThat(reading.rows().get(1).messages().getFirst()).isEqualTo(system("Be kind."));
    assertThat(reading.rows()).extracting(row -> row.group()).containsExactly("c1", "c2");
  }

  @Test
  void tabs_separate_fields_where_the_format_says_so_and_commas_then_do_not() throws IOException {
    String content =
        """
        text\tcategory
        "a\tb"\tx,y
        Hi,"you\tz
        Hi,"\0\tz
        Ho\ta
        """;

    Reading reading = Reading.of(Format.TSV, FIELDS, folder, content);

    assertThat(reading.rows())
        .extracting(row -> row.prompt() + "|" + row.response())
        .containsExactly("a\tb|x,y", "Hi,\"you|z", "Ho|a");
    assertThat(reading.bad()).containsExactly("rows:4 nul_byte");
  }

  @Test
  void a_row_may_say_its_batch_and_need_not() throws IOException {
    var fields = new FieldMapping("text", "category", "", "", "", "by");

    Reading csv = Reading.of(Format.CSV, fields, folder, "text,category,by\nHi,a, ann \nHo,b,\n");
    Reading without = Reading.of(Format.CSV, fields, folder, "text,category\nHi,a\n");
    Reading json =
        Reading.of(
            Format.PROMPT_COMPLETION_JSONL,
            fields,
            folder,
            """
            {"text": "Hi", "category": "a", "by": 7}
            {"text": "Hi", "category": "a", "by": null}
            {"text": "Hi", "category": "a", "by": ["x"]}
            {"text": "Hi", "category": "a"}
            """);

    assertThat(csv.rows()).extracting(row -> row.batch()).containsExactly("ann", "");
    assertThat(without.rows()).extracting(row -> row.batch()).containsExactly("");
    assertThat(json.rows()).extracting(row -> row.batch()).containsExactly("7", "", "", "");
    assertThat(json.bad()).isEmpty();
  }

  @Test
  void a_record_with_other_columns_than_the_header_or_an_empty_one_is_counted() throws IOException {
    Reading reading = read("text,category\nHi\nHi,a,b\n,a\nHi,\nHi,a\n");

    assertThat(reading.bad())
        .containsExactly(
            "rows:2 wrong_columns",
            "rows:3 wrong_columns",
            "rows:4 empty_prompt",
            "rows:5 empty_answer");
    assertThat(reading.ids()).containsExactly("rows:6");
  }

  @Test
  void a_damaged_line_costs_the_record_that_it_belongs_to_and_no_other() throws IOException {
    byte[] content =
        "text,category\nok,a\ncaf\u00e9,a\n\"two\nl\u00efnes\nand\",a\na\0b,c\n\"\u00e9 opens\nhere\",a\nok,b\n"
            .getBytes(StandardCharsets.ISO_8859_1);

    Reading reading = Reading.of(Format.CSV, FIELDS, folder, content);

    assertThat(reading.bad())
        .containsExactly(
            "rows:3 not_utf8", "rows:4 not_utf8", "rows:7 nul_byte", "rows:8 not_utf8");
    assertThat(reading.ids()).containsExactly("rows:2", "rows:10");
  }

  @Test
  void a_quote_that_never_closes_stops_with_the_line_instead_of_swallowing_the_rest() {
    assertThatThrownBy(() -> read("text,category\nHi,a\n\"Ho,b\nHe,c\n"))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageStartingWith("rows line 4: the records cannot be told apart any more");
  }

  @Test
  void a_column_that_is_not_there_stops_with_the_ones_that_are() {
    assertThatThrownBy(() -> read("Text,label\nHi,a\n"))
        .hasMessage("rows line 1: no column \"text\"; the file has Text, label");
    assertThatThrownBy(() -> read("text,text,category\n")).hasMessageContaining("twice");
    assertThatThrownBy(() -> read("")).hasMessageContaining("empty");
  }

  @Test
  void a_header_that_cannot_be_read_is_told_apart_from_one_without_the_column() {
    assertThatThrownBy(() -> read("text,cat\0egory\nHi,a\n"))
        .hasMessageStartingWith("rows line 1: the header holds a NUL byte; ");
  }

  @Test
  void a_name_that_the_header_has_twice_is_told_even_where_nobody_asks_for_it() {
    assertThatThrownBy(() -> read("text,category,note,note\nHi,a,b,c\n"))
        .hasMessage("rows line 1: the file names the column \"note\" twice; rename one");
  }

  @Test
  void without_a_header_little_of_the_first_row_is_told() {
    assertThatThrownBy(() -> read("x".repeat(5_000) + ",\"" + "y\n".repeat(900) + "\"\n"))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200).doesNotContain("\n"));
    assertThatThrownBy(() -> read("a,".repeat(5_000) + "a\n"))
        .satisfies(e -> assertThat(e.getMessage()).contains("and 4981 more").hasSizeLessThan(200));
  }

  @Test
  void lines_of_an_old_mac_are_told_and_a_return_inside_a_line_is_a_space() throws IOException {
    assertThatThrownBy(() -> read("text,category\rHi,a\rHo,b\r"))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageContaining("end in carriage returns alone");
    Reading mixed = read("text,category\r\nHi\rHo,a\nHe,b\r\n");
    assertThat(mixed.ids()).containsExactly("rows:2", "rows:3");
    assertThat(mixed.rows().getFirst().prompt()).isEqualTo("Hi Ho");
  }

  @Test
  void a_byte_order_mark_does_not_hide_the_first_column() throws IOException {
    assertThat(read("\uFEFFtext,category\nHi,a\n").ids()).containsExactly("rows:2");
  }

  private Reading read(String content) throws IOException {
    return Reading.of(Format.CSV, FIELDS, folder, content);
  }
}
