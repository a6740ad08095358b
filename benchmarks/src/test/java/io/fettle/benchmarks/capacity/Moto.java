package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.servers.LocalServers;
import io.fettle.benchmarks.servers.ServerProcess;
import io.fettle.cli.local.Home;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** One server for all tests of this JVM; it ends with that. */
final class Moto {
  private static final AtomicInteger ACCOUNTS = new AtomicInteger(2_000);

  private Moto() {}

  private static final class Started {
    static final ServerProcess SERVER = start();

    private static ServerProcess start() {
      try {
        return new LocalServers(Home.current()).ec2(Files.createTempDirectory("fettle-moto"));
      } catch (IOException e) {
        throw new IllegalStateException("Moto does not start", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Moto was not awaited", e);
      }
    }
  }

  static URI address() {
    return Started.SERVER.endpoint();
  }

  /** One that no other test uses, whose instances run. */
  static RunningEc2 running(Path folder) throws IOException {
    return new RunningEc2(account(), folder);
  }

  /** One that no other test uses. */
  static Ec2Account account() {
    return new Ec2Account(address(), ACCOUNTS.incrementAndGet());
  }
}
