package io.fettle.activities.training.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A published checkpoint. It holds nothing that a second attempt to publish would write
 * differently: two manifests under one key are the same checkpoint exactly when their bytes are.
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

  /** One file of the checkpoint, {@code path} relative to its directory, with {@code /}. */
  public record File(String path, long bytes, String sha256) {}

  public long bytes() {
    return files.stream().mapToLong(File::bytes).sum();
  }
}
