package io.fettle.activities.capacity;

import io.fettle.activities.capacity.aws.Ec2Cloud;
import io.fettle.activities.capacity.aws.Ec2Options;
import io.fettle.activities.capacity.aws.Ec2Types;
import io.fettle.activities.capacity.elastic.Booked;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.Spending;
import io.fettle.activities.capacity.local.LocalClaims;
import io.fettle.activities.capacity.local.LocalPool;
import io.fettle.activities.capacity.policy.Purse;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.capacity.setup.PoolsFile;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.catalogue.Refresh;
import io.fettle.activities.plan.Planner;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the parts of this capability. */
public final class Capacity {
  private Capacity() {}

  /** One provider and account. No call that is repeated launches a second host. */
  public interface Pool {
    String name();

    /** The pool of that name, if this is it or answers for it. */
    default Optional<Pool> named(String name) {
      return name().equals(name) ? Optional.of(this) : Optional.empty();
    }

    /**
     * What it would give for this shape now, in no order; none where it has nothing. Each that has
     * places names one, which the policy may put together.
     */
    List<Offer> offers(String shape) throws IOException;

    /**
     * How many places one acquisition may name: the provider then takes the best that it has. At
     * least 1.
     */
    default int placesAtOnce() {
      return 1;
    }

    /**
     * Makes sure that one host exists for the token.
     *
     * @param by who acquires, kept with the host so that its end can be seen
     * @throws Refusal if the provider gives none, or the token is over; a throttled call is
     *     repeated with the same token, after any other another token is needed
     */
    Acquisition acquire(AcquireRequest request, Execution by) throws IOException;

    HostDescription describe(DescribeRequest request) throws IOException;

    void release(ReleaseRequest request) throws IOException;

    /** An acquisition that may still cost money; none where hosts cost nothing. */
    default Optional<Standing> standing(String token) throws IOException {
      return Optional.empty();
    }

    /**
     * Takes back what runs that are over left behind, and nobody else's. Whatever the server is not
     * sure of lives: a run that it cannot be asked about, and one that it does not know yet. Safe
     * to repeat, and beside every other call.
     *
     * @param now on this machine's clock; only ages of a minute and more are taken by it
     * @return what was taken back, a line each, for people
     */
    List<String> sweep(Runs runs, Instant now) throws IOException;
  }

  /**
   * What a cloud does for a pool that launches hosts. Wire format and error codes only: intent,
   * adoption and release are the pool's. Safe for concurrent use.
   */
  public interface Cloud {
    /** The pool's name. */
    String name();

    /** Where a host of this shape could be put, each with its market and price. */
    List<Offer> offers(String shape) throws IOException;

    int placesAtOnce();

    /**
     * Asks for one machine that carries the intent's marks. Repeated with the same intent it gives
     * the same machine where the provider can tell, dead or alive.
     *
     * @throws Refusal if the provider says no; any other {@link IOException} says nothing about
     *     whether a machine now exists
     */
    Machine launch(Intent intent) throws IOException;

    /**
     * Every machine with the owner's mark that may still cost money, and those ended lately that
     * the provider still lists; what was launched a minute ago may be missing.
     */
    List<Machine> machines() throws IOException;

    /** Those that carry the token; more than one only where something went wrong. */
    List<Machine> machines(String token) throws IOException;

    /**
     * One of them by the provider's id, which may be known before a list has it; empty: the
     * provider does not know it, or not yet.
     */
    default Optional<Machine> machine(String id) throws IOException {
      return machines().stream().filter(machine -> machine.id().equals(id)).findFirst();
    }

    /** Ends it. Safe to repeat; one that is gone already is no error. */
    void terminate(Machine machine) throws IOException;
  }

  /**
   * What is recorded before a machine is asked for.
   *
   * @param token names the acquisition, at most 40 of {@code a-z 0-9 -}
   * @param owner mark of whoever may take the machine back: machines of others are never touched
   * @param offer with at least one place
   */
  public record Intent(String token, String owner, Execution by, Offer offer, CapacityTerms terms) {
    /** How long the host may take to save once it has to end: as much as budgets set aside. */
    public Duration saving() {
      return Purse.saving(terms);
    }
  }

  /**
   * A machine as its provider tells of it.
   *
   * @param id the provider's
   * @param token of the acquisition, from its marks; empty: it has none
   * @param detail the provider's reason for the state, in its words; may be empty
   */
  public record Machine(
      String id, String token, String run, HostState state, String detail, Place place) {
    public boolean mayCost() {
      return state != HostState.TERMINATED;
    }
  }

  /**
   * An acquisition that has not ended.
   *
   * @param place where its host is, or the dearest where it may be
   * @param since the host's launch; where none is known yet, when it was admitted; else now
   * @param until now, or since when it costs no more: its provider called its host dead, or that
   *     has ended itself by then
   * @param admitted whether the caps were found to pay for it: it may be launched
   * @param released whether it was given back, and only its end is waited for
   */
  public record Standing(
      String token,
      String pool,
      Execution by,
      CapacityTerms terms,
      Market market,
      Optional<Place> place,
      Instant since,
      Instant until,
      boolean admitted,
      boolean released) {}

  /** One execution of a run. */
  public record Execution(String namespace, String run, String workflowRun) {}

  /** What the server says of runs. */
  public interface Runs {
    /** A run that the server does not know may be younger than what the server has written. */
    Duration YOUNG = Duration.ofSeconds(90);

    /** Whether an execution goes on, under whatever id it was continued. */
    enum State {
      OPEN,
      OVER,
      /** The server answers, and does not know it. */
      NOT_FOUND,
      /** The server does not answer, or not clearly. */
      UNREACHABLE
    }

    /** The owner's mark: hosts of executions of other namespaces are somebody else's. */
    String namespace();

    State state(Execution execution);

    /** Whether it is of this server's namespace: several control planes may share a store. */
    default boolean isOurs(Execution execution) {
      return execution.namespace().equals(namespace());
    }

    /**
     * Whether it is over for good: the server says so, or does not know it although it would by
     * now.
     *
     * @param age of what the execution left, at least
     */
    default boolean isOver(Execution execution, Duration age) {
      return switch (state(execution)) {
        case OVER -> true;
        case NOT_FOUND -> age.compareTo(YOUNG) > 0;
        case OPEN, UNREACHABLE -> false;
      };
    }
  }

  /**
   * @param store where what providers refuse and hosts cost is kept, for all control workers
   */
  public static CapacityActivities activities(
      List<Pool> pools, ObjectStore store, InstantSource clock) {
    return new PoolActivities(
        pools,
        PoolActivities::asCalled,
        Experience.keptIn(store, clock),
        new StorePurses(store, clock));
  }

  /**
   * What hosts have cost.
   *
   * @param unpriced hosts whose price is not known, which count as nothing
   */
  public record Spent(double dollars, int unpriced) {
    public static final Spent NOTHING = new Spent(0, 0);

    public Spent plus(Spent other) {
      return new Spent(dollars + other.dollars, unpriced + other.unpriced);
    }
  }

  /** Looks again and again, on the control side. */
  public interface Watch {
    /**
     * @return what was done, a line each, for people
     */
    List<String> look() throws IOException;
  }

  /** What a run is told, and asked, about money. Neither waits for the run. */
  public interface StopOrders {
    /** Whether the run is of this control plane: several may share a store. */
    default boolean isOurs(Execution by) {
      return true;
    }

    /** The terms as amended; empty: it does not answer, or plans, which it may do once more. */
    Optional<CapacityTerms> terms(Execution by);

    /** Has it save and give its hosts back, and wait for an operator. Safe to repeat. */
    void stop(Execution by, String why);
  }

  /** Stops runs whose hosts reach what they may cost. */
  public static Watch budgets(
      List<Pool> pools, ObjectStore store, InstantSource clock, StopOrders orders) {
    return new Budgets(pools, new StorePurses(store, clock), orders, clock);
  }

  /** Asked before each launch: whether caps that runs share still pay for it. */
  public static ElasticPool.Admission caps(ObjectStore store, InstantSource clock) {
    return new CapAdmission(new StorePurses(store, clock));
  }

  /** What runs have cost, and may. */
  public static Spending spending(ObjectStore store) {
    return new Spending(store);
  }

  /** What the run's hosts have cost so far. */
  public static Spent spent(ObjectStore store, String run, Instant now) throws IOException {
    return new Spending(store).of(run, now);
  }

  /** Asks the server that a client is connected to. */
  public static Runs runs(WorkflowClient client) {
    return new ServerRuns(client);
  }

  /**
   * The pool of this machine.
   *
   * @param state the folder that holds {@code pool/}, {@code hosts/} and {@code processes/}
   * @param hostLimit how many hosts may live at once
   */
  public static Pool local(Path state, int hostLimit) {
    return new LocalPool(state, hostLimit);
  }

  /**
   * The claim of one agent of the local pool.
   *
   * @param state as for {@link #local}
   * @param hostDirectory the agent's own folder
   */
  public static HostClaim localClaim(Path state, Path hostDirectory, HostClaim.Identity identity) {
    return new HostClaim(identity, hostDirectory, new LocalClaims(state, identity.host()));
  }

  /**
   * The pools of an operator's file, with the catalogue's types and prices where it names none; no
   * pools where there is no file.
   *
   * @throws IOException with every problem of the file
   */
  public static List<PoolSettings> settings(Path file, Catalogue catalogue) throws IOException {
    return PoolsFile.read(file).stream().map(new Planning(catalogue)::filled).toList();
  }

  /**
   * What a plan may choose among.
   *
   * @param store where agents of one's own machines register; empty: their shapes are not known
   */
  public static Planner.Pools planned(
      List<PoolSettings> pools, Catalogue catalogue, Optional<ObjectStore> store) {
    return () ->
        new Planning(catalogue)
            .pools(pools, name -> store.isEmpty() ? Set.of() : Booked.shapes(store.get(), name));
  }

  /**
   * The pools that an operator's file describes, whose settings are kept in the store, and one that
   * answers for all others that ever were.
   *
   * @param environment of agents whose provider hands it to them; nothing secret
   * @param why another name is none of them, and what to do, for people
   */
  public static List<Pool> pools(
      List<PoolSettings> named,
      String namespace,
      ObjectStore store,
      Map<String, String> environment,
      String why)
      throws IOException {
    return new Providers(namespace, store, environment).pools(named, why);
  }

  /** Whether a run of the namespace has a host of any pool but the local one. */
  public static boolean isOpen(ObjectStore store, String namespace) throws IOException {
    return !Booked.open(store, namespace, Set.of()).isEmpty();
  }

  /** The claim of the one agent that was launched for a token. */
  public static HostClaim elasticClaim(
      ObjectStore store, Path hostDirectory, HostClaim.Identity identity, String token) {
    return new HostClaim(identity, hostDirectory, Booked.launched(store, identity, token));
  }

  public static Booked.Tenure tenure(ObjectStore store, HostClaim.Identity identity, String token) {
    return Booked.tenure(store, identity, token);
  }

  public static Booked.Registration registration(ObjectStore store, HostClaim.Identity identity) {
    return Booked.registration(store, identity);
  }

  /** The claim of an agent of a machine that one has. */
  public static HostClaim registeredClaim(
      ObjectStore store, Path hostDirectory, HostClaim.Identity identity) {
    return new HostClaim(identity, hostDirectory, Booked.registered(store, identity));
  }

  /** What EC2 says of its types with GPUs in a region, with the credentials that are found. */
  public static List<Refresh.Described> ec2Types(String region, Optional<URI> endpoint, Instant now)
      throws IOException {
    return Ec2Types.read(region, endpoint, now);
  }

  /** Machines of EC2, for a pool that launches its hosts. */
  public static Cloud ec2(Ec2Options options) {
    return new Ec2Cloud(options);
  }
}
