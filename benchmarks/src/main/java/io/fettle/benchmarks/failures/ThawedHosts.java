package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Ledger.HeldElsewhere;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A run whose hosts freeze one after the other. Each thaws once its successor has opened and
 * publishes, at steps above and below the newest, with better losses, before a reader looks or
 * between its list and its choice.
 */
final class ThawedHosts {
  private static final int PUBLISHES_A_LEASE = 12;
  private static final int INTERVAL = 10;
  private static final long SEED = 4;

  private final LedgerBooks books;
  private final LandingStore landing;
  private final Ledger reader;
  private final NaiveReader naive;
  private final Random random = new Random(SEED);
  private final List<Frozen> frozen = new ArrayList<>();
  private long newestStep;
  private int publishes;
  private int higher;
  private int between;
  private final int[] resumed = new int[2];
  private final int[] promoted = new int[2];

  ThawedHosts(ObjectStore store, Path scratch) {
    this.books = new LedgerBooks(store, "thawed", scratch);
    this.landing = new LandingStore(store, books.manifests());
    this.reader = books.ledger(landing.store(), Clock.systemUTC());
    this.naive = new NaiveReader(store, books.manifests());
  }

  /** Choices that the books do not allow, and the control's that were stale. */
  record Wrong(int ledger, int control) {}

  record Counts(
      int publishes, int inStore, int higher, int between, Wrong resumed, Wrong promoted) {}

  /**
   * A lease that goes on after its successor opened.
   *
   * @param until the newest step when it froze
   */
  private record Frozen(LeaseRecord lease, long until, Set<Long> steps) {}

  Counts publish(int wanted) throws Exception {
    var newest = books.open(books.ledger());
    while (publishes < wanted) {
      frozen.add(new Frozen(newest, newestStep, new HashSet<>()));
      newest = succeed();
      var silentFor = random.nextInt(PUBLISHES_A_LEASE);
      for (int i = 1; i < PUBLISHES_A_LEASE && publishes < wanted; i++) {
        if (i > silentFor && random.nextInt(4) == 0) {
          publishNew(newest);
        }
        publishStaleAndRead();
      }
    }
    return new Counts(
        publishes,
        books.staleInStore(),
        higher,
        between,
        new Wrong(resumed[0], resumed[1]),
        new Wrong(promoted[0], promoted[1]));
  }

  private void publishNew(LeaseRecord lease) throws IOException, Superseded {
    newestStep += INTERVAL;
    books.publish(lease, newestStep, "lease " + lease.number(), 0.5 + random.nextDouble() / 2);
  }

  /** The next lease opens, and a frozen one publishes between its list and its choice. */
  private LeaseRecord succeed() throws IOException, HeldElsewhere {
    var expected = books.newestOnChain().map(Published::reference);
    landing.afterList(1, this::publishStale);
    var successor = books.open(reader);
    countBetween();
    if (!expected.equals(Optional.ofNullable(successor.resumeFrom()))) {
      resumed[0]++;
    }
    return successor;
  }

  private void publishStaleAndRead() throws IOException {
    if (publishes % 3 == 0) {
      landing.afterList(1 + random.nextInt(frozen.size()), this::publishStale);
    } else {
      publishStale();
    }
    var readsBestFirst = random.nextBoolean();
    if (readsBestFirst) {
      readBest();
    }
    readNewest();
    if (!readsBestFirst) {
      readBest();
    }
    countBetween();
  }

  private void readNewest() throws IOException {
    if (!books.newestGood(reader).equals(books.newestOnChain())) {
      resumed[0]++;
    }
    if (naive.newest().filter(books::isStale).isPresent()) {
      resumed[1]++;
    }
  }

  private void readBest() throws IOException {
    if (!books.best(reader).equals(books.bestOnChain())) {
      promoted[0]++;
    }
    if (naive.best().filter(books::isStale).isPresent()) {
      promoted[1]++;
    }
  }

  /** One that the reader was done before publishes now, and counts as any other. */
  private void countBetween() throws IOException {
    if (landing.hasLanded()) {
      between++;
    } else if (landing.isWaiting()) {
      publishStale();
    }
    landing.forget();
  }

  private void publishStale() throws IOException {
    var host = frozen.get(random.nextInt(frozen.size()));
    var room = newestStep - host.until() - 1;
    var above = publishes % 3 == 1 || room < 1;
    var step = stepOf(host, above ? newestStep : host.until(), above ? 10 * INTERVAL : room);
    try {
      books.publishStale(host.lease(), step, "stale", random.nextDouble() / 2);
    } catch (Superseded e) {
      throw new IOException("a stale host published the same step twice", e);
    }
    publishes++;
    if (step > newestStep) {
      higher++;
    }
  }

  /** A step of the host that it has not published, above the bound, near it if there is room. */
  private long stepOf(Frozen host, long bound, long room) {
    var step = bound + 1 + random.nextLong(room);
    while (!host.steps().add(step)) {
      step++;
    }
    return step;
  }
}
