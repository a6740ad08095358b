package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.Benchmark;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.servers.LocalServers;
import io.fettle.benchmarks.servers.ServerProcess;
import io.fettle.cli.local.Home;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Hosts that are launched: none lost, none twice, none of others, and no cloud asked in a loop. */
public final class CapacityBenchmark implements Benchmark {
  private static final List<String> ON_EC2 =
      List.of(
          HaltRows.ORPHANS,
          HaltRows.DOUBLES,
          HaltRows.TAKEN,
          ForeignRows.NAME,
          ErrorRows.NAME,
          PaceRows.NAME);

  @Override
  public String name() {
    return "capacity";
  }

  @Override
  public String summary() {
    return "hosts lost, doubled or taken from others when a pool's process dies, errors mishandled, and deadlines and caps";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) throws Exception {
    var rows = new ArrayList<Row>();
    Consumer<Row> each = known.andThen(rows::add);
    onEc2(effort, each);
    MoneyAndTime.rows(effort, each);
    return rows;
  }

  /** The rows that need Moto's server. */
  private static void onEc2(Effort effort, Consumer<Row> each) throws Exception {
    var wanted = ON_EC2.stream().filter(effort::wants).toList();
    if (wanted.isEmpty()) {
      return;
    }
    var folder = Files.createTempDirectory("fettle-bench-capacity");
    try {
      onMoto(effort, folder, each);
    } catch (NoMoto reason) {
      wanted.forEach(name -> each.accept(Row.skipped(name, String.valueOf(reason.getMessage()))));
    } finally {
      LocalCluster.current(Progress.silent()).delete(List.of(folder));
    }
  }

  private static final class NoMoto extends Exception {
    private static final long serialVersionUID = 1;

    NoMoto(IOException cause) {
      super("no Moto server: " + cause.getMessage(), cause);
    }
  }

  private static void onMoto(Effort effort, Path folder, Consumer<Row> each) throws Exception {
    try (var moto = moto(folder)) {
      var at = moto.endpoint();
      if (Stream.of(HaltRows.ORPHANS, HaltRows.DOUBLES, HaltRows.TAKEN).anyMatch(effort::wants)) {
        HaltRows.measure(effort, at, folder).forEach(each);
      }
      if (effort.wants(ForeignRows.NAME)) {
        ForeignRows.measure(effort, at, folder).forEach(each);
      }
      if (effort.wants(ErrorRows.NAME)) {
        ErrorRows.measure(at, folder).forEach(each);
      }
      if (effort.wants(PaceRows.NAME)) {
        PaceRows.measure(at, folder, effort.seed()).forEach(each);
      }
    }
  }

  private static ServerProcess moto(Path folder) throws NoMoto, InterruptedException {
    try {
      return new LocalServers(Home.current()).ec2(folder);
    } catch (IOException e) {
      throw new NoMoto(e);
    }
  }
}
