package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.benchmarks.servers.LocalServers;
import io.fettle.workflows.capacity.AcquireRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** A control worker's process that acquires or releases one host, and dies on the way. */
public final class PoolChild {
  static final String AT = "at the point";

  /** As a process that was killed ends. */
  static final int KILLED = 137;

  /** Of a call that breaks off. */
  private static final int TRIES = 3;

  private PoolChild() {}

  /** What it does. */
  enum Verb {
    ACQUIRE,
    RELEASE
  }

  /** How it dies. */
  enum Death {
    HALT,
    /** It says where it is, and waits for {@code kill -9}. */
    KILL,
    NEVER
  }

  /** Its arguments. */
  record Job(
      Verb verb,
      int point,
      Death death,
      URI endpoint,
      Path store,
      String owner,
      String run,
      String token,
      Instant now,
      Map<String, String> zones) {
    List<String> words() {
      return List.of(
          verb.name(),
          String.valueOf(point),
          death.name(),
          endpoint.toString(),
          store.toString(),
          owner,
          run,
          token,
          now.toString(),
          String.join(",", zones.entrySet().stream().map(Object::toString).toList()));
    }

    static Job of(String[] words) {
      var zones = new TreeMap<String, String>();
      Arrays.stream(words[9].split(","))
          .map(zone -> zone.split("=", 2))
          .forEach(zone -> zones.put(zone[0], zone[1]));
      return new Job(
          Verb.valueOf(words[0]),
          Integer.parseInt(words[1]),
          Death.valueOf(words[2]),
          URI.create(words[3]),
          Path.of(words[4]),
          words[5],
          words[6],
          words[7],
          Instant.parse(words[8]),
          zones);
    }
  }

  /**
   * @param args {@link Job#words}
   */
  public static void main(String[] args) throws IOException {
    LocalServers.signIn();
    var job = Job.of(args);
    var cloud = Pools.cloud(job.owner(), job.endpoint(), job.zones());
    var pool =
        Pools.pool(cloud, job.owner(), Pools.store(job.store()), () -> job.now(), crash(job));
    if (job.verb() == Verb.ACQUIRE) {
      acquire(pool, job.run(), Pools.capped(cloud, job.run(), job.token()));
    } else {
      pool.release(Pools.release(job.run(), job.token()));
    }
  }

  /** As Temporal repeats an activity, with the same token. */
  static String acquire(ElasticPool pool, String run, AcquireRequest request) throws IOException {
    for (int left = TRIES; ; left--) {
      try {
        return pool.acquire(request, Pools.by(run)).providerId();
      } catch (Refusal refusal) {
        throw refusal;
      } catch (IOException broken) {
        if (left == 1) {
          throw broken;
        }
      }
    }
  }

  private static Crash crash(Job job) {
    return point -> {
      if (point != job.point()) {
        return;
      }
      switch (job.death()) {
        case HALT -> Runtime.getRuntime().halt(KILLED);
        case KILL -> await();
        case NEVER -> {}
      }
    };
  }

  private static void await() {
    System.out.println(AT);
    System.out.flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
