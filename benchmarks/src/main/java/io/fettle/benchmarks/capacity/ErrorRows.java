package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.capacity.Launches.Times;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every documented code, as a call that fails and as errors of three zones in a fleet's reply. */
final class ErrorRows {
  static final String NAME = "capacity_errors_mishandled";
  private static final int ACCOUNT = 500;

  private ErrorRows() {}

  static List<Row> measure(URI moto, Path folder) throws Exception {
    var findings = new ArrayList<Optional<String>>();
    int control = 0;
    try (var account = new Ec2Account(moto, ACCOUNT)) {
      for (var code : Ec2Code.values()) {
        findings.addAll(findings(account, code, folder.resolve("errors-" + code)));
        control += ofExactStrings(code.code()).equals(code.kind()) ? 0 : 1;
      }
    }
    var wrong = findings.stream().flatMap(Optional::stream).toList();
    return List.of(
        Row.measured(NAME, wrong.size(), "", findings.size())
            .atMost(0)
            .control(control)
            .note(
                "%d codes with their sources, three zones; control: three codes by their exact strings%s"
                    .formatted(Ec2Code.values().length, wrong.isEmpty() ? "" : "; " + wrong))
            .shownByControl());
  }

  /** One for each way in which the code may come; empty where it is handled. */
  static List<Optional<String>> findings(Ec2Account account, Ec2Code code, Path folder)
      throws IOException {
    try (var trial = new Trial(account, code, Files.createDirectories(folder))) {
      return code.isOfAPlace()
          ? List.of(trial.failedCall(), trial.emptyZones(), trial.oneFullZone())
          : List.of(trial.failedCall());
    }
  }

  /** The control: what else is there is not known. */
  private static Optional<Kind> ofExactStrings(String code) {
    return Optional.of(
        switch (code) {
          case "InsufficientInstanceCapacity" -> Kind.STOCKOUT;
          case "RequestLimitExceeded" -> Kind.THROTTLE;
          case "UnauthorizedOperation" -> Kind.PERMISSION;
          default -> Kind.UNKNOWN;
        });
  }

  /** One code on one server. */
  private static final class Trial implements AutoCloseable {
    private final Ec2Account account;
    private final Ec2Code code;
    private final VirtualClock clock = new VirtualClock();
    private final DocumentedEc2 ec2;
    private final Path folder;
    private final String owner;

    Trial(Ec2Account account, Ec2Code code, Path folder) throws IOException {
      this.account = account;
      this.code = code;
      this.folder = folder;
      this.owner = "owner-" + code.code();
      this.ec2 = new DocumentedEc2(account, clock, Times.NONE);
    }

    /** What is wrong; empty: nothing. */
    Optional<String> failedCall() throws IOException {
      var token = "call";
      ec2.refusesNext("CreateFleet", code);
      var told = acquire(token);
      if (!kindOf(told).equals(code.kind())) {
        return wrong("as a failed call: " + told);
      }
      boolean sameAgain = code.kind().isEmpty() || code.kind().get() == Kind.THROTTLE;
      var again = acquire(token);
      if (sameAgain != again.isEmpty()) {
        return wrong("the same token again: " + again);
      }
      return machines(token) == (sameAgain ? 1 : 0)
          ? Optional.empty()
          : wrong(machines(token) + " machines");
    }

    Optional<String> emptyZones() throws IOException {
      account.zones().values().forEach(subnet -> ec2.isEmpty(subnet, code));
      var token = "zones";
      var told = acquire(token);
      ec2.isFull();
      if (!kindOf(told).equals(code.kindInAFleet())) {
        return wrong("in a fleet's reply: " + told);
      }
      if (told.orElseThrow() instanceof Refusal refusal
          && refusal.places().size() != account.zones().size()) {
        return wrong("it names " + refusal.places());
      }
      return machines(token) == 0 && acquire(token + "-next").isEmpty()
          ? Optional.empty()
          : wrong("no machine by the next token");
    }

    Optional<String> oneFullZone() throws IOException {
      account.zones().values().stream().skip(1).forEach(subnet -> ec2.isEmpty(subnet, code));
      var token = "one";
      var told = acquire(token);
      ec2.isFull();
      return told.isEmpty() && machines(token) == 1
          ? Optional.empty()
          : wrong("a zone was full: " + told);
    }

    private Optional<String> wrong(String what) {
      return Optional.of("%s (%s): %s".formatted(code.code(), code.source(), what));
    }

    private static Optional<Kind> kindOf(Optional<IOException> told) {
      return told.flatMap(e -> e instanceof Refusal no ? Optional.of(no.kind()) : Optional.empty());
    }

    private Optional<IOException> acquire(String token) throws IOException {
      var cloud = Pools.cloud(owner, ec2.address(), account.zones());
      try (var store = Pools.store(folder)) {
        var pool = Pools.pool(cloud, owner, store, clock, Crash.NEVER);
        pool.acquire(Pools.request(cloud, "run-" + token, token), Pools.by("run-" + token));
        return Optional.empty();
      } catch (IOException e) {
        return Optional.of(e);
      }
    }

    private long machines(String token) {
      return account.instances("fettle-owner", owner).stream()
          .filter(instance -> instance.tags().stream().anyMatch(tag -> tag.value().equals(token)))
          .filter(Ec2Account::lives)
          .count();
    }

    @Override
    public void close() {
      ec2.close();
    }
  }
}
