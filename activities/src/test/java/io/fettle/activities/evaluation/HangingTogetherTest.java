package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.evaluation.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class HangingTogetherTest {
  private static final String LINES =
      """
      {"part":"dev","rows":["a:1","a:2"]}
      {"part":"test","rows":["t:1","t:3"]}
      """;

  @Test
  void named_rows_count_once_and_others_for_themselves() throws Exception {
    var clusters = new HangingTogether(LINES, Part.TEST).of(List.of("t:1", "t:2", "t:3", "a:1"));

    assertThat(clusters.items()).isEqualTo(4);
    assertThat(clusters.count()).isEqualTo(3);
  }

  @Test
  void a_dataset_without_the_file_has_items_for_themselves() throws Exception {
    assertThat(new HangingTogether("", Part.DEV).of(List.of("a:1", "a:2")).areItems()).isTrue();
  }
}
