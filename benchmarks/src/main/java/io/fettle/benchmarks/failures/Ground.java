package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.capacity.Ec2Server;
import io.fettle.benchmarks.servers.ObjectServer;
import java.util.Optional;

/**
 * What runs stand on.
 *
 * @param store keeps the objects; empty: a folder does
 * @param ec2 launches the hosts, in an account for each home; empty: the local pool has them
 */
record Ground(Optional<ObjectServer> store, Optional<Ec2Server> ec2) {
  static final Ground LOCAL = new Ground(Optional.empty(), Optional.empty());

  static Ground on(ObjectServer store) {
    return new Ground(Optional.of(store), Optional.empty());
  }

  static Ground on(Ec2Server ec2) {
    return new Ground(Optional.empty(), Optional.of(ec2));
  }
}
