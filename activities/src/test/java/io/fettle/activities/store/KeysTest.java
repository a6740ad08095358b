package io.fettle.activities.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  private static final String ALPHABET = "ab0.-_=@+/./..\\\0 ~:%é\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "../a",
        ".hidden",
        "a/.tmp/b",
        "a b",
        "a\\b",
        "a\0b",
        "ü",
        "a\n"
      })
  void what_a_file_system_or_a_uri_would_read_differently_is_refused(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Keys.checked(key))
        .withMessageContaining("key");
  }

  @Test
  void what_is_too_long_for_a_store_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Keys.checked("a/".repeat(450) + "a"));
    assertThatIllegalArgumentException().isThrownBy(() -> Keys.checked("a/" + "b".repeat(256)));
    assertThat(Keys.checked("a/" + "b".repeat(255))).hasSize(257);
  }

  @Test
  void an_allowed_key_never_leaves_its_folder_and_comes_back_from_its_path() {
    var random = new Random(20_26);
    Path root = Path.of("/root/store");
    int allowed = 0;
    for (int trial = 0; trial < 200_000; trial++) {
      String key = anything(random);
      if (Keys.isAllowed(key)) {
        allowed++;
        Path path = root.resolve(key);
        assertThat(path.normalize()).isEqualTo(path).startsWithRaw(root);
        assertThat(root.relativize(path).toString()).isEqualTo(key);
      }
    }
    assertThat(allowed).isGreaterThan(1_000);
  }

  private static String anything(Random random) {
    var key = new StringBuilder();
    for (int length = 1 + random.nextInt(6); length > 0; length--) {
      key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return key.toString();
  }
}
