package io.fettle.activities.training.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.activities.store.ObjectStore.Expected;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A published checkpoint. It holds nothing that a second attempt to publish would write
 * differently: two manifests under one key are the same checkpoint exactly when their bytes are, or
 * when they differ in the sums of chunks alone.
 *
 * @param step optimizer steps done
 * @param input the train step's input hash
 * @param parent hash of the manifest that this lease's trainer loaded; null if it started at step 0
 * @param devLoss nats per supervised token at the newest evaluation up to this step; null before
 *     the first
 * @param files sorted by path; each lies under the run's {@code objects/}
 */
public record Manifest(
    int format,
    String run,
    int lease,
    long step,
    String input,
    @Nullable String parent,
    double epoch,
    long maxSteps,
    @Nullable Double trainLoss,
    @Nullable Double devLoss,
    boolean best,
    List<File> files) {

  static final int FORMAT = 1;

  public Manifest {
    files = List.copyOf(files);
  }

  /**
   * One file of the checkpoint.
   *
   * @param path relative to its directory, with {@code /}
   * @param crc32c of each chunk, as {@link Expected} has them; none in older manifests
   */
  public record File(
      String path,
      long bytes,
      String sha256,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> crc32c) {
    public File {
      crc32c = List.copyOf(crc32c);
    }

    File(String path, long bytes, String sha256) {
      this(path, bytes, sha256, List.of());
    }

    @JsonCreator
    static File of(
        @JsonProperty("path") String path,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("sha256") String sha256,
        @JsonProperty("crc32c") @Nullable List<String> crc32c) {
      return new File(path, bytes, sha256, crc32c == null ? List.of() : crc32c);
    }

    File summedIn(Path directory) throws IOException {
      return new File(path, bytes, sha256, Expected.of(directory.resolve(path)).crc32c());
    }

    File unsummed() {
      return new File(path, bytes, sha256);
    }

    Expected expected() {
      return new Expected(bytes, crc32c);
    }
  }

  /** The same checkpoint, with its files described in another way. */
  Manifest with(List<File> described) {
    return new Manifest(
        format, run, lease, step, input, parent, epoch, maxSteps, trainLoss, devLoss, best,
        described);
  }

  /** Whether it is the same checkpoint: an older agent has written no sums. */
  boolean isAlike(Manifest other) {
    return with(files.stream().map(File::unsummed).toList())
        .equals(other.with(other.files.stream().map(File::unsummed).toList()));
  }

  public long bytes() {
    return files.stream().mapToLong(File::bytes).sum();
  }
}
