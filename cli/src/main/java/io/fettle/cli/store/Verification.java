package io.fettle.cli.store;

import io.fettle.activities.parallel.AtOnce;
import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.ObjectStore.CorruptObject;
import io.fettle.activities.store.Stores;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.Progress;
import io.fettle.cli.store.Place.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
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
  private final Path drafts;
  private final ConcurrentSkipListSet<String> damaged = new ConcurrentSkipListSet<>();
  private final AtomicInteger sound = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();
  private final AtomicInteger gone = new AtomicInteger();

  public Verification(Place place, Progress progress) throws IOException {
    this.place = place;
    this.progress = progress;
    this.drafts = Drafts.folder();
  }

  /**
   * What was found.
   *
   * @param unknown have no hash to be compared with
   * @param gone deleted since they were listed
   */
  public record Verified(int sound, int unknown, int gone, long bytes, List<String> damaged) {}

  /**
   * Of a bucket it needs room for the largest objects that are under way, in the temporary folder.
   */
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

  private void verify(Item item) throws IOException {
    var here = place.file(item.name());
    if (here.isPresent()) {
      verifyFile(item, here.get());
    } else {
      verifyCopy(item);
    }
  }

  private void verifyFile(Item item, Path file) throws IOException {
    try {
      count(item, Copied.UNVERIFIED, file);
    } catch (NoSuchFileException e) {
      gone.incrementAndGet();
    }
  }

  private void verifyCopy(Item item) throws IOException {
    Path draft = drafts.resolve(UUID.randomUUID().toString());
    try {
      count(item, place.fetch(item.name(), draft, _ -> {}), draft);
    } catch (CorruptObject found) {
      damaged.add(shown(item));
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** The store has compared with what it noted; the name counts as well. */
  private void count(Item item, Copied copied, Path draft) throws IOException {
    var blob = BLOB.matcher(shown(item));
    if (copied == Copied.NOTHING_THERE) {
      gone.incrementAndGet();
    } else if (blob.matches() && !Stores.sha256(draft).equals(blob.group(2))) {
      damaged.add(shown(item));
    } else if (copied == Copied.VERIFIED || blob.matches()) {
      sound.incrementAndGet();
    } else {
      unknown.incrementAndGet();
    }
  }

  private String shown(Item item) {
    return item.name().isEmpty() ? place.address() : item.name();
  }
}
