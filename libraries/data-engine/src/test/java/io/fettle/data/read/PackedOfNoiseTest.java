package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.fettle.data.Fuzz;
import io.fettle.data.Noise;
import io.fettle.data.read.Unpacked.BrokenPacking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackedOfNoiseTest {
  @TempDir Path folder;

  enum Packing {
    GZIP {
      @Override
      OutputStream around(OutputStream out) throws IOException {
        return new GZIPOutputStream(out);
      }
    },
    ZSTD {
      @Override
      OutputStream around(OutputStream out) throws IOException {
        return new ZstdOutputStream(out).setChecksum(true);
      }
    };

    abstract OutputStream around(OutputStream out) throws IOException;

    byte[] packed(byte[] content) throws IOException {
      var bytes = new ByteArrayOutputStream();
      try (var packing = around(bytes)) {
        packing.write(content);
      }
      return bytes.toByteArray();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_damaged_file_gives_what_was_packed_or_a_clear_stop(Packing packing) {
    Fuzz.tries(
        1_000,
        random -> {
          byte[] first = content(random);
          byte[] second = content(random);
          byte[] packed =
              Noise.damaged(joined(packing.packed(first), packing.packed(second)), random);
          try {
            // A cut between the two is a whole file as well; without its first bytes it is another.
            assertThat(unpacked(packed))
                .satisfiesAnyOf(
                    is -> assertThat(is).isEqualTo(joined(first, second)),
                    is -> assertThat(is).isEqualTo(first),
                    is -> assertThat(is).isEqualTo(packed));
          } catch (BrokenPacking e) {
            assertThat(e.getMessage()).containsAnyOf("again", "nothing more of it is read");
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void a_file_cut_anywhere_is_told_to_be_short(Packing packing) throws IOException {
    byte[] whole = packing.packed(content(new Random(1)));
    for (int length = 4; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> unpacked(cut))
          .as("%d of %d", length, whole.length)
          .isInstanceOf(BrokenPacking.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void several_packed_files_in_one_are_all_of_their_lines(Packing packing) throws IOException {
    byte[] one = "one\n".getBytes(StandardCharsets.UTF_8);
    byte[] two = "two\n".getBytes(StandardCharsets.UTF_8);

    assertThat(unpacked(joined(packing.packed(one), packing.packed(two))))
        .isEqualTo(joined(one, two));
  }

  /** The JDK's reader takes it for the end of the file. */
  @Test
  void a_damaged_start_of_the_second_packed_file_drops_no_lines_in_silence() throws IOException {
    byte[] one = Packing.GZIP.packed("one\n".getBytes(StandardCharsets.UTF_8));
    for (int at = 0; at < 3; at++) {
      byte[] two = Packing.GZIP.packed("two\n".getBytes(StandardCharsets.UTF_8));
      two[at] ^= 1;
      assertThatThrownBy(() -> unpacked(joined(one, two)))
          .isInstanceOf(BrokenPacking.class)
          .hasMessageContaining("goes on behind the end of its packed data");
    }
  }

  @Test
  void a_window_that_is_too_large_to_hold_is_told() throws IOException {
    byte[] header = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) ((30 - 10) << 3)};
    byte[] emptyLastBlock = {1, 0, 0};

    assertThatThrownBy(() -> unpacked(joined(header, emptyLastBlock)))
        .isInstanceOf(BrokenPacking.class)
        .hasMessageContaining("without `--long`");
  }

  private byte[] unpacked(byte[] packed) throws IOException {
    Path file = Files.write(folder.resolve("packed"), packed);
    try (var in = Unpacked.open(file)) {
      return in.readAllBytes();
    }
  }

  /** Too large to be copied or cut out by one damage. */
  private static byte[] content(RandomGenerator random) {
    byte[] content = new byte[200 + random.nextInt(3_000)];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (' ' + random.nextInt(90));
    }
    return content;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
