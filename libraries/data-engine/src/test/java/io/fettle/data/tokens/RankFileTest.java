package io.fettle.data.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankFileTest {
  private final List<String> lines = new ArrayList<>();

  @TempDir Path folder;

  @BeforeEach
  void everyByteIsAToken() {
    for (int value = 0; value < 256; value++) {
      lines.add(line(new byte[] {(byte) value}, String.valueOf(value)));
    }
  }

  @Test
  void ranks_of_every_byte_make_a_tokenizer() throws IOException {
    assertThat(RankFile.read(written(), 0, Map.of())).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-2147483648", "2147483648", "", "1.5", "x"})
  void a_rank_that_is_no_whole_number_from_0_is_refused_with_file_and_line(String rank)
      throws IOException {
    lines.add(line(new byte[] {'a', 'b'}, rank));
    Path file = written();

    assertThatThrownBy(() -> RankFile.read(file, 0, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("%s:257 is no token in base64 with its rank", file);
  }

  @Test
  void a_byte_without_a_token_is_told() throws IOException {
    lines.remove(65);
    Path file = written();

    assertThatThrownBy(() -> RankFile.read(file, 0, Map.of()))
        .hasMessage("%s has no token for the byte 65", file);
  }

  private static String line(byte[] token, String rank) {
    return Base64.getEncoder().encodeToString(token) + " " + rank;
  }

  private Path written() throws IOException {
    return Files.write(folder.resolve("tokens.tiktoken"), lines);
  }
}
