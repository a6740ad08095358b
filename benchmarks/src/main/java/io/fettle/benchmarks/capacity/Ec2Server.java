package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.servers.LocalServers;
import io.fettle.benchmarks.servers.ServerProcess;
import io.fettle.cli.local.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A Moto server of a benchmark's own, and as many accounts on it as are asked for. */
public final class Ec2Server implements AutoCloseable {
  private final ServerProcess moto;
  private final AtomicInteger accounts = new AtomicInteger();

  private Ec2Server(ServerProcess moto) {
    this.moto = moto;
  }

  /**
   * @throws IOException where there is no Moto to start
   */
  public static Ec2Server start(Path folder) throws IOException, InterruptedException {
    return new Ec2Server(new LocalServers(Home.current()).ec2(folder));
  }

  /**
   * Another account, whose instances run on this machine.
   *
   * @param folder where they have their files
   */
  public RunningEc2 account(Path folder) throws IOException {
    return new RunningEc2(new Ec2Account(moto.endpoint(), accounts.incrementAndGet()), folder);
  }

  @Override
  public void close() {
    moto.close();
  }
}
