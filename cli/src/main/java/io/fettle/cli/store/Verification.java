package io.fettle.cli.store;

import io.fettle.activities.parallel.AtOnce;
import io.fettle.activities.store.ObjectStore.CorruptObject;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.Progress;
import io.fettle.cli.store.Place.Item;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Reads every object whose name is its hash, or that the store noted a hash with, and says which
 * ones are damaged.
 */
public final class Verification {
  private static final Pattern BLOB =
      Pattern.compile("(?:.*/)?sha256/([0-9a-f]{2})/(\\1[0-9a-f]{62})");

  private final Place place;
  private final Progress progress;
  private final ConcurrentSkipListSet<String> damaged = new ConcurrentSkipListSet<>();
  private final AtomicInteger sound = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();
  private final AtomicInteger gone = new AtomicInteger();

  public Verification(Place place, Progress progress) {
    this.place = place;
    this.progress = progress;
  }

  /**
   * What was found.
   *
   * @param unknown have no hash to be compared with
   * @param gone deleted since they were listed
   */
  public record Verified(int sound, int unknown, int gone, long bytes, List<String> damaged) {}

  public Verified run() throws IOException {
    var items =
        place.items().stream().sorted(Comparator.comparingLong(Item::bytes).reversed()).toList();
    if (items.isEmpty()) {
      throw new CommandFailure(ExitCode.INVALID, "nothing is at " + place.address());
    }
    long total = items.stream().mapToLong(Item::bytes).sum();
    var done = new AtomicLong();
    progress.at("verified", 0, total);
    AtOnce.each(
        items,
        item -> {
          verify(item);
          progress.at("verified", done.addAndGet(item.bytes()), total);
        });
    return new Verified(sound.get(), unknown.get(), gone.get(), total, List.copyOf(damaged));
  }

  /** A name that is a hash counts, else what the store noted. */
  private void verify(Item item) throws IOException {
    var blob = BLOB.matcher(shown(item));
    try {
      switch (place.check(item.name(), blob.matches() ? blob.group(2) : "")) {
        case VERIFIED -> sound.incrementAndGet();
        case UNVERIFIED -> unknown.incrementAndGet();
        case NOTHING_THERE -> gone.incrementAndGet();
      }
    } catch (CorruptObject found) {
      damaged.add(shown(item));
    }
  }

  private String shown(Item item) {
    return item.name().isEmpty() ? place.address() : item.name();
  }
}
