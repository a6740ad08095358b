package io.fettle.activities.capacity.aws;

import io.fettle.activities.catalogue.Refresh.Described;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesRequest;
import software.amazon.awssdk.services.ec2.model.GpuDeviceInfo;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;

/** Types with NVIDIA's GPUs as EC2 describes them in a region, with what spot costs there now. */
public final class Ec2Types {
  private static final String MAKER = "NVIDIA";
  private static final double MIB_A_GIB = 1024;
  private static final double NOT_KNOWN = -1;

  /** As {@code Up to 10 Gigabit} and {@code 4x 100 Gigabit}. */
  private static final Pattern NETWORK =
      Pattern.compile("(?:Up to )?(?:(\\d+)x )?(\\d+(?:\\.\\d+)?) Gigabit");

  private Ec2Types() {}

  /**
   * @throws IOException if EC2 does not answer, or not with these credentials
   */
  public static List<Described> read(String region, Optional<URI> endpoint, Instant now)
      throws IOException {
    try (var client = Ec2Clients.of(region, endpoint)) {
      var infos = new ArrayList<InstanceTypeInfo>();
      for (var info :
          client
              .describeInstanceTypesPaginator(DescribeInstanceTypesRequest.builder().build())
              .instanceTypes()) {
        if (gpu(info).isPresent()) {
          infos.add(info);
        }
      }
      var names = infos.stream().map(InstanceTypeInfo::instanceTypeAsString).toList();
      var spot = names.isEmpty() ? Map.<String, Double>of() : dearest(client, names, now);
      return infos.stream().map(info -> described(info, spot)).toList();
    } catch (SdkException e) {
      throw new IOException(
          "EC2 in %s does not describe its types: %s; AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, say who asks, and ec2:DescribeInstanceTypes and ec2:DescribeSpotPriceHistory have to be allowed"
              .formatted(region, e.getMessage()),
          e);
    }
  }

  private static Map<String, Double> dearest(Ec2Client client, List<String> types, Instant now) {
    var dearest = new HashMap<String, Double>();
    SpotPrices.read(client, types, now)
        .forEach((where, price) -> dearest.merge(where.type(), price, Math::max));
    return dearest;
  }

  private static Optional<GpuDeviceInfo> gpu(InstanceTypeInfo info) {
    return info.gpuInfo() == null
        ? Optional.empty()
        : info.gpuInfo().gpus().stream()
            .filter(gpu -> MAKER.equals(gpu.manufacturer()) && gpu.memoryInfo() != null)
            .findFirst();
  }

  private static Described described(InstanceTypeInfo info, Map<String, Double> spot) {
    var gpu = gpu(info).orElseThrow();
    var disks = info.instanceStorageInfo();
    var type = info.instanceTypeAsString();
    return new Described(
        type,
        Objects.requireNonNullElse(gpu.name(), ""),
        Objects.requireNonNullElse(gpu.count(), 0),
        Math.round(gpu.memoryInfo().sizeInMiB() / MIB_A_GIB * 10) / 10.0,
        info.vCpuInfo().defaultVCpus(),
        info.memoryInfo().sizeInMiB() / MIB_A_GIB,
        disks == null ? 0 : Objects.requireNonNullElse(disks.totalSizeInGB(), 0L),
        gigabits(Objects.requireNonNullElse(info.networkInfo().networkPerformance(), "")),
        spot.getOrDefault(type, NOT_KNOWN));
  }

  static double gigabits(String words) {
    var match = NETWORK.matcher(words);
    if (!match.matches()) {
      return 0;
    }
    var cards = match.group(1) == null ? 1 : Integer.parseInt(match.group(1));
    return cards * Double.parseDouble(match.group(2));
  }
}
