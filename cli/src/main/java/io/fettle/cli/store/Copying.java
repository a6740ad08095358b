package io.fettle.cli.store;

import io.fettle.activities.parallel.AtOnce;
import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.Progress;
import io.fettle.cli.store.Place.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Copies all of one place to another one, several at once. */
public final class Copying {
  private static final String WHAT = "copied";
  private static final int SHOWN = 10;

  private final Place from;
  private final Place to;
  private final Progress progress;
  private final Path drafts;

  /**
   * @param progress hears the bytes that have been copied; from bucket to bucket, those that came
   */
  public Copying(Place from, Place to, Progress progress) throws IOException {
    this.drafts = Drafts.folder();
    this.from = from;
    this.to = to;
    this.progress = progress;
  }

  /**
   * What was copied.
   *
   * @param hidden files that were left out: their names, or a folder's above them, begin with a dot
   */
  public record Total(int count, long bytes, int hidden) {}

  /** Refuses names that the target cannot take before it copies any. */
  public Total run() throws IOException {
    var items = from.items();
    if (items.isEmpty()) {
      throw new CommandFailure(ExitCode.INVALID, "nothing is at " + from.address());
    }
    refuseNames(items);
    long total = items.stream().mapToLong(Item::bytes).sum();
    var done = new AtomicLong();
    progress.at(WHAT, 0, total);
    AtOnce.each(
        items,
        item ->
            copy(item, bytes -> progress.at(WHAT, Math.min(total, done.addAndGet(bytes)), total)));
    return new Total(items.size(), total, from.hidden());
  }

  private void refuseNames(List<Item> items) {
    var refused =
        items.stream()
            .filter(item -> !to.takes(target(item)))
            .map(item -> item.name().isEmpty() ? from.address() : item.name())
            .limit(SHOWN)
            .toList();
    if (!refused.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s takes names of A-Z a-z 0-9 . _ = @ + - only, no segment with a dot at its start; not %s"
              .formatted(to.address(), String.join(", ", refused)));
    }
  }

  /** One object keeps its name in a folder, and takes the target's name otherwise. */
  private String target(Item item) {
    return item.name().isEmpty() && to.isFolder() ? last(from.address()) : item.name();
  }

  private static String last(String address) {
    return address.substring(address.lastIndexOf('/') + 1);
  }

  private void copy(Item item, LongConsumer arrived) throws IOException {
    var here = from.file(item.name());
    var there = to.file(target(item));
    var copied = Copied.UNVERIFIED;
    if (here.isPresent()) {
      to.put(target(item), here.get(), arrived);
    } else if (there.isPresent()) {
      copied = from.fetch(item.name(), there.get(), arrived);
    } else {
      copied = passedOn(item, arrived);
    }
    if (copied == Copied.NOTHING_THERE) {
      throw new IOException(
          "%s of %s went while it was copied".formatted(item.name(), from.address()));
    }
  }

  private Copied passedOn(Item item, LongConsumer arrived) throws IOException {
    Path draft = drafts.resolve(UUID.randomUUID().toString());
    try {
      var copied = from.fetch(item.name(), draft, arrived);
      if (copied != Copied.NOTHING_THERE) {
        to.put(target(item), draft, _ -> {});
      }
      return copied;
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
