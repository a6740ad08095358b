package io.fettle.workers.agent;

import io.fettle.activities.training.HostOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The agent's own settings.
 *
 * @param host this host's id, the same after every restart
 * @param pool whose host it is
 * @param shape machine type in the pool
 * @param state this host's own folder: claim, work, cache; unless it is named, one on the machine's
 *     own NVMe, and where it has none, one of {@code FETTLE_HOME}
 * @param heartbeat between two signs of life of a train; well under its heartbeat timeout
 * @param storeLook between two looks at the ledger, each of which renews the lease in the store
 * @param silence how long each phase of a trainer may show nothing new before it is stopped as
 *     stalled
 * @param stopGrace how long a trainer may take to its next step boundary after it was asked to stop
 * @param signal who tells that the host will be taken away; auto finds out where it runs
 * @param metadata the metadata server, where it is not at the provider's usual address
 * @param noticeWindow how long the host lives after a notice that does not say so: GCP's
 *     preemption, and a pod's SIGTERM (its terminationGracePeriodSeconds)
 * @param noticeMargin what is left of a notice's window for the last words
 * @param expectedLife how long hosts of this pool are expected to last, before any was seen to end:
 *     it sets how often a checkpoint is worth its stall
 * @param streamAbove share of the free disk; a dataset's shards that would take more of it are
 *     brought while the trainer runs
 * @param cacheBytes that all cached blobs together may take; 0: what the disk has. A full disk
 *     takes out the longest unused in any case
 * @param cacheAge since its last use, after which a blob is taken out
 * @param token of the acquisition that this machine was launched for: it takes no other, and ends
 *     itself with it. Unless it is named, the machine is one that was there before and will be
 *     after
 * @param lease how long a launched machine goes on without a sign that it is still wanted
 * @param grace how long its trainers may take to save once a launched machine has to end: at most
 *     what budgets set aside for that
 * @param renewed file that gets the number of each renewal that a launched machine's agent sees;
 *     the machine ends if it stays the same, whether or not the agent lives
 * @param shared whether this host has but a part of its machine, as a job on a Ray node or a pod
 *     has: what the machine shows says nothing about the host then, and it is not looked over
 * @param end the command that ends a launched machine; without one the agent's process ends
 * @param drain how long running activities may finish when the agent is stopped; trainers go on
 */
@ConfigurationProperties(prefix = "agent", ignoreUnknownFields = false)
record AgentSettings(
    String host,
    @DefaultValue("local") String pool,
    String shape,
    @Nullable Path state,
    @DefaultValue("4s") Duration heartbeat,
    @DefaultValue("10s") Duration storeLook,
    @DefaultValue Silence silence,
    @DefaultValue("10m") Duration stopGrace,
    @DefaultValue("local") Signal signal,
    @Nullable URI metadata,
    @DefaultValue("30s") Duration noticeWindow,
    @DefaultValue("3s") Duration noticeMargin,
    @DefaultValue("6h") Duration expectedLife,
    @DefaultValue("0.5") double streamAbove,
    @DefaultValue("0") long cacheBytes,
    @DefaultValue("30d") Duration cacheAge,
    @Nullable String token,
    @DefaultValue("15m") Duration lease,
    @DefaultValue("210s") Duration grace,
    @Nullable Path renewed,
    @DefaultValue("false") boolean shared,
    @DefaultValue List<String> end,
    @DefaultValue("5s") Duration drain) {

  private static final String LOCAL = "local";

  AgentSettings {
    end = List.copyOf(end);
  }

  /** How this host gets to its claims. */
  Kind kind() {
    if (token != null) {
      return Kind.LAUNCHED;
    }
    return pool.equals(LOCAL) ? Kind.LOCAL : Kind.REGISTERED;
  }

  /**
   * Between two looks at whether the claim was released. In a store each costs; the local pool's
   * claims are files.
   */
  Duration claimLook() {
    return kind() == Kind.LOCAL ? Duration.ofMillis(300) : Duration.ofSeconds(3);
  }

  /** Whether the machine was launched for this host alone, and has to be what its shape says. */
  boolean isLookedOver() {
    return kind() == Kind.LAUNCHED && !shared;
  }

  /** Whose machine it is. */
  enum Kind {
    /** Run by the local supervisor. */
    LOCAL,
    /** One that one has; its agent registers. */
    REGISTERED,
    /** Launched for one acquisition. */
    LAUNCHED
  }

  /**
   * By phase; a sign of life alone is nothing new. Generous: a stall found late costs minutes, a
   * healthy trainer killed costs trust.
   *
   * @param load from the trainer's start to its first step
   * @param step of the optimizer
   * @param eval of the whole dev set
   * @param save of one checkpoint to the local disk
   */
  record Silence(
      @DefaultValue("20m") Duration load,
      @DefaultValue("30m") Duration compile,
      @DefaultValue("15m") Duration step,
      @DefaultValue("60m") Duration eval,
      @DefaultValue("20m") Duration save) {
    HostOptions.Silence limits() {
      return new HostOptions.Silence(load, compile, step, eval, save);
    }
  }

  /** Who gives notice. */
  enum Signal {
    NONE,
    LOCAL,
    EC2,
    GCP,
    KUBERNETES,
    AUTO
  }
}
