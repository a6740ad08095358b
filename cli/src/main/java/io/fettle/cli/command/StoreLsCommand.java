package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.store.Place.Item;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ls",
    description = "Lists what lies under an address, folders with their sizes.",
    mixinStandardHelpOptions = true)
final class StoreLsCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  @Mixin private Output output;
  @Mixin private StoreAccess access;

  @Parameters(
      arity = "0..1",
      paramLabel = "URI",
      description = "A path, s3://bucket/name or gs://bucket/name (default: the runs' store).")
  private @Nullable String uri;

  @Option(names = "--recursive", description = "Every object, and no folders.")
  private boolean recursive;

  /** An object, or all objects of a folder together; their newest counts. */
  record Line(String name, int count, long bytes, Instant modified) {
    static Line of(Item item) {
      return new Line(item.name(), 1, item.bytes(), item.modified());
    }

    Line plus(Line other) {
      return new Line(
          name,
          count + other.count,
          bytes + other.bytes,
          modified.isAfter(other.modified) ? modified : other.modified);
    }
  }

  record Result(String uri, int count, long bytes, List<Line> lines) {}

  @Override
  public Integer call() {
    var address = access.address(uri);
    var items = access.in(address, place -> place.items());
    if (items.isEmpty()) {
      throw new CommandFailure(ExitCode.INVALID, "nothing is at " + address);
    }
    var lines = recursive ? items.stream().map(Line::of).toList() : folded(items);
    lines.forEach(line -> output.say(text(line)));
    int count = items.size();
    long bytes = items.stream().mapToLong(Item::bytes).sum();
    output.say("%d %s, %s".formatted(count, count == 1 ? "object" : "objects", Sizes.of(bytes)));
    output.result(new Result(address, count, bytes, lines));
    return ExitCode.DONE.code();
  }

  static List<Line> folded(List<Item> items) {
    var lines = new TreeMap<String, Line>();
    for (var item : items) {
      int slash = item.name().indexOf('/');
      var name = slash < 0 ? item.name() : item.name().substring(0, slash + 1);
      lines.merge(name, new Line(name, 1, item.bytes(), item.modified()), Line::plus);
    }
    return new ArrayList<>(lines.values());
  }

  private static String text(Line line) {
    var count = line.name().endsWith("/") ? line.count() + " objects" : "";
    return String.format(
        Locale.ROOT,
        "%s  %10s  %15s  %s",
        TIME.format(line.modified()),
        Sizes.of(line.bytes()),
        count,
        line.name().isEmpty() ? "(the object itself)" : line.name());
  }
}
