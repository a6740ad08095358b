package io.fettle.cli.command;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.catalogue.Refresh;
import io.fettle.activities.catalogue.Refresh.Outcome;
import io.fettle.activities.catalogue.Refresh.Request;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.Site;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "refresh",
    description = {
      "Writes a provider's prices of today into machines.csv of FETTLE_HOME.",
      "Without --from, reads AWS's public price list of EC2 (on-demand prices; some hundred",
      "megabytes). That address was never tried by those who wrote this: if it fails, download",
      "the list and give it with --from. Nothing is written unless a price was found.",
      "With --from ec2 it is EC2 itself, asked with your credentials, that tells of its types",
      "with GPUs in the region, and of what spot costs there now in the dearest zone."
    },
    mixinStandardHelpOptions = true)
final class CatalogueRefreshCommand implements Callable<Integer> {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final String EC2 = "ec2";

  @Mixin private Output output;

  @Option(names = "--provider", defaultValue = "aws", description = "Default: ${DEFAULT-VALUE}.")
  private String provider;

  @Option(names = "--region", required = true, description = "Whose prices, as eu-west-1.")
  private String region;

  @Option(
      names = "--from",
      paramLabel = "FILE|URL",
      description = {
        "A list to read instead: EC2's index.csv, or a CSV with the columns InstanceType, Region,",
        "Price and SpotPrice, such as a copy of a vms.csv; or the word ec2."
      })
  private @Nullable String from;

  record Result(String file, int changed) {}

  @Override
  public Integer call() throws InterruptedException {
    var site = Site.current();
    try {
      var outcome = EC2.equals(from) ? described(site) : listed(site);
      write(site.machinesFile(), outcome);
      outcome.skipped().forEach(each -> output.say("  left out: " + each));
      outcome
          .changed()
          .forEach(
              each ->
                  output.say(
                      String.format(
                          Locale.ROOT,
                          "  %-20s spot %s, on demand %s",
                          each.type(),
                          price(each.spotDollars()),
                          price(each.onDemandDollars()))));
      output.say(
          "%d types of %s in %s have prices of %s in %s"
              .formatted(
                  outcome.changed().size(),
                  provider,
                  region,
                  outcome.changed().getFirst().asOf(),
                  site.machinesFile()));
      output.result(new Result(site.machinesFile().toString(), outcome.changed().size()));
      return ExitCode.DONE.code();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.INVALID, "no prices were read: " + e.getMessage(), e);
    }
  }

  private Outcome listed(Site site) throws IOException, InterruptedException {
    var source = source();
    try (var list = open(source)) {
      return Refresh.read(site.catalogue(), list, request(source));
    }
  }

  private Outcome described(Site site) throws IOException {
    if (!provider.equals("aws")) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "--from ec2 tells of aws alone; leave --provider %s out".formatted(provider));
    }
    var types = Capacity.ec2Types(region, Optional.empty(), Instant.now());
    return Refresh.described(
        site.catalogue(), types, request("EC2 DescribeInstanceTypes and DescribeSpotPriceHistory"));
  }

  private Request request(String source) {
    return new Request(provider, region, source, LocalDate.now(ZoneId.systemDefault()));
  }

  private String source() {
    if (from != null) return from;
    if (provider.equals("aws")) {
      return "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/current/%s/index.csv"
          .formatted(region);
    }
    throw new CommandFailure(
        ExitCode.INVALID,
        "%s has no list that can be read without an account; give one with --from, or write prices into machines.csv"
            .formatted(provider));
  }

  private static InputStream open(String source) throws IOException, InterruptedException {
    if (!source.startsWith("http://") && !source.startsWith("https://")) {
      return Files.newInputStream(Path.of(source));
    }
    var http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    var response =
        http.send(HttpRequest.newBuilder(URI.create(source)).build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      response.body().close();
      throw new IOException("%s answered %d".formatted(source, response.statusCode()));
    }
    return response.body();
  }

  private static void write(Path file, Outcome outcome) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var draft = file.resolveSibling("." + file.getFileName() + ".draft");
    Files.writeString(draft, outcome.file());
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String price(double dollars) {
    return dollars < 0 ? "not known" : String.format(Locale.ROOT, "%.3f", dollars);
  }
}
