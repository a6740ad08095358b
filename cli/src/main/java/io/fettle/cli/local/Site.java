package io.fettle.cli.local;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.plan.Planner;
import io.fettle.activities.store.ObjectStore;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator of this installation says of pools and machines; the control worker reads the
 * same files.
 *
 * @param poolsFile need not be there, nor the other
 */
public record Site(Path poolsFile, Path machinesFile) {

  public static Site current() {
    return of(Home.current().path(), System.getenv());
  }

  /** The environment's {@code FETTLE_POOLS} names another file of pools. */
  public static Site of(Path home, Map<String, String> environment) {
    var named = environment.getOrDefault("FETTLE_POOLS", "");
    return new Site(
        named.isBlank() ? home.resolve("pools.yaml") : Path.of(named),
        home.resolve(Catalogue.FILE));
  }

  /**
   * The pools beside the local one.
   *
   * @throws CommandFailure with every problem of the file
   */
  public List<PoolSettings> pools() {
    try {
      return Capacity.settings(poolsFile, catalogue());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Machine types and their prices.
   *
   * @throws CommandFailure with every problem of the operator's file
   */
  public Catalogue catalogue() {
    try {
      return Catalogue.with(machinesFile);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  /** What specs may name here. */
  public SpecPolicy policy() {
    return SpecPolicy.current()
        .withPools(pools().stream().map(PoolSettings::name).toList(), poolsFile.toString());
  }

  /** Whether one of them has machines of one's own, whose agents register in the store. */
  public boolean hasRegistered(List<String> named) {
    return pools().stream()
        .anyMatch(pool -> pool.provider().equals("static") && named.contains(pool.name()));
  }

  /**
   * What plans choose among.
   *
   * @param store where agents of one's own machines register; empty: there is none yet
   */
  public Planner.Pools planned(Optional<ObjectStore> store) {
    return Capacity.planned(pools(), catalogue(), store);
  }
}
