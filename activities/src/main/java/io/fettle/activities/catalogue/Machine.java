package io.fettle.activities.catalogue;

import io.fettle.workflows.spec.Market;
import java.time.LocalDate;

/**
 * A machine type of a provider.
 *
 * @param provider {@code aws}, {@code gcp}, {@code ray} or {@code static}
 * @param type the provider's own name, as {@code g5.xlarge}
 * @param gpu model and nominal memory, as {@code a10g-24gb}; empty: none
 * @param gpuMemoryGib of one GPU, as its provider tells it, which is less than the nominal
 * @param computeCapability of NVIDIA's list, as 8.6; 0 without a GPU
 * @param networkGbps the most that is promised, bursts included
 * @param nvlink whether its GPUs reach each other past the bus
 * @param spotDollars an hour; -1: not known
 * @param onDemandDollars an hour; -1: not known
 * @param asOf when it was last compared with its source
 */
public record Machine(
    String provider,
    String type,
    String gpu,
    int gpus,
    double gpuMemoryGib,
    double computeCapability,
    int vcpus,
    double memoryGib,
    double nvmeGb,
    double networkGbps,
    boolean nvlink,
    double spotDollars,
    double onDemandDollars,
    LocalDate asOf,
    String source) {
  public static final double UNKNOWN = -1;

  /** In the words of specs, as {@code a10g-24gb-x1}; empty without a GPU. */
  public String shape() {
    return gpus == 0 ? "" : gpu + "-x" + gpus;
  }

  /** An hour; -1: not known. What is reserved or one's own is paid for already. */
  public double dollars(Market market) {
    return switch (market) {
      case SPOT -> spotDollars;
      case ON_DEMAND -> onDemandDollars;
      case RESERVED, OWNED -> 0;
    };
  }

  Key key() {
    return new Key(provider, type);
  }

  /** The same at another price; -1 keeps what is known. */
  Machine priced(double spot, double onDemand, LocalDate when, String by) {
    return new Machine(
        provider,
        type,
        gpu,
        gpus,
        gpuMemoryGib,
        computeCapability,
        vcpus,
        memoryGib,
        nvmeGb,
        networkGbps,
        nvlink,
        spot == UNKNOWN ? spotDollars : spot,
        onDemand == UNKNOWN ? onDemandDollars : onDemand,
        when,
        by);
  }

  /** What names it. */
  record Key(String provider, String type) {}
}
