package io.fettle.cli.command;

import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.local.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What there is to reach the pools of the operator's file with: names of credentials, never their
 * values. Whether they are let in, only the provider could say; nobody is asked.
 */
final class PoolChecks {
  private static final int OLD_DAYS = 90;

  private final Site site;
  private final Map<String, String> environment;
  private final Path user;
  private final LocalDate today;

  PoolChecks(Site site, Map<String, String> environment, Path user, LocalDate today) {
    this.site = site;
    this.environment = environment;
    this.user = user;
    this.today = today;
  }

  /** A line a pool; none where the operator named none. */
  List<Prerequisite> lines() {
    try {
      return site.pools().stream().map(this::line).toList();
    } catch (CommandFailure unreadable) {
      return List.of(
          Prerequisite.missing(
              "pools",
              String.valueOf(unreadable.getMessage()),
              "mend the file; nothing is launched until then"));
    }
  }

  private Prerequisite line(PoolSettings pool) {
    var name = "pool " + pool.name();
    if (pool.provider().equals("static")) {
      return Prerequisite.ok(name, "static: machines of your own, whose agents register");
    }
    var found = found(pool);
    var text = pool.provider() + ", " + age(pool) + unknown(pool);
    return found.isEmpty()
        ? Prerequisite.note(
            name,
            text + ", no credentials here",
            "%s; on the provider's machines a role does".formatted(hint(pool.provider())))
        : Prerequisite.ok(name, text + ", credentials: " + String.join(", ", found));
  }

  private String age(PoolSettings pool) {
    var oldest = site.catalogue().oldest(pool.provider());
    if (oldest.isEmpty()) return "types as pools.yaml says";
    long days = ChronoUnit.DAYS.between(oldest.get(), today);
    return "catalogue of %s (%d days old%s)"
        .formatted(
            oldest.get(), days, days > OLD_DAYS ? ": `fettle catalogue refresh` may help" : "");
  }

  /**
   * A cluster's words for its GPUs are its own. Of a cloud's types only the cloud knows all, and
   * says of one that is misspelt, at its launch, no more than of one that is not in a zone.
   */
  private String unknown(PoolSettings pool) {
    if (pool.provider().equals("ray")) return "";
    var types =
        pool.types().values().stream()
            .flatMap(List::stream)
            .filter(type -> site.catalogue().machine(pool.provider(), type).isEmpty())
            .distinct()
            .sorted()
            .toList();
    return types.isEmpty()
        ? ""
        : " that does not know %s: look at the spelling, or `fettle catalogue refresh`"
            .formatted(String.join(", ", types));
  }

  private List<String> found(PoolSettings pool) {
    var found = new ArrayList<String>();
    switch (pool.provider()) {
      case "aws" -> {
        variables(
            found,
            "AWS_ACCESS_KEY_ID",
            "AWS_PROFILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        files(found, user.resolve(".aws/credentials"), user.resolve(".aws/config"));
      }
      case "gcp" -> {
        variables(found, "GOOGLE_APPLICATION_CREDENTIALS");
        files(found, user.resolve(".config/gcloud/application_default_credentials.json"));
      }
      default -> {
        variables(found, "KUBECONFIG", "KUBERNETES_SERVICE_HOST");
        files(found, user.resolve(".kube/config"));
      }
    }
    return found;
  }

  private void variables(List<String> found, String... names) {
    Stream.of(names)
        .filter(name -> !environment.getOrDefault(name, "").isBlank())
        .forEach(found::add);
  }

  private static void files(List<String> found, Path... files) {
    Stream.of(files).filter(Files::isRegularFile).map(Path::toString).forEach(found::add);
  }

  private static String hint(String provider) {
    return switch (provider) {
      case "aws" -> "`aws configure`, or AWS_PROFILE";
      case "gcp" -> "`gcloud auth application-default login`";
      default -> "KUBECONFIG, or ~/.kube/config";
    };
  }
}
