package io.fettle.activities.steps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.Forked;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepCacheTest {
  record Merged(String model, int tensors) {}

  private static final StepKey KEY = StepKey.of("merge", Map.of("adapter", "a"), "env");
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path folder;
  private ObjectStore store;
  private StepCache cache;
  private final AtomicInteger runs = new AtomicInteger();

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.toUri());
    cache = new StepCache(store, "test", LONG);
  }

  @AfterEach
  void close() {
    cache.close();
  }

  private Merged merge() {
    return new Merged("model", runs.incrementAndGet());
  }

  @Test
  void a_step_whose_record_is_in_the_store_never_runs_again() throws Exception {
    var first = cache.once(KEY, Merged.class, this::merge);
    var second = cache.once(KEY, Merged.class, this::merge);
    assertThat(first).isEqualTo(new StepCache.Result<>(new Merged("model", 1), false));
    assertThat(second).isEqualTo(new StepCache.Result<>(new Merged("model", 1), true));
    assertThat(store.list("steps/")).extracting(StoredObject::key).containsExactly(KEY.record());
  }

  @Test
  void steps_asked_for_at_once_run_once() throws Exception {
    var inside = new CountDownLatch(1);
    var waited = new CountDownLatch(3);
    List<Future<StepCache.Result<Merged>>> asked = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      asked.add(
          threads.submit(
              () ->
                  cache.once(
                      KEY,
                      Merged.class,
                      () -> {
                        inside.countDown();
                        waited.await();
                        return merge();
                      })));
      inside.await();
      for (int n = 0; n < 3; n++) {
        asked.add(
            threads.submit(
                () -> cache.once(KEY, Merged.class, this::merge, holder -> waited.countDown())));
      }
    }
    for (int n = 0; n < 4; n++) {
      assertThat(asked.get(n).get())
          .isEqualTo(new StepCache.Result<>(new Merged("model", 1), n > 0));
    }
  }

  @Test
  void a_failed_step_lets_the_next_one_in_at_once() throws Exception {
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThatThrownBy(
              () ->
                  cache.once(
                      KEY,
                      Merged.class,
                      () -> {
                        throw new IOException("disk on fire");
                      }))
          .hasMessage("disk on fire");
    }
    assertThat(cache.once(KEY, Merged.class, this::merge).reused()).isFalse();
    assertThat(store.list("steps/")).hasSize(1);
  }

  @Test
  void a_step_interrupted_in_its_work_gives_its_claim_up() throws Exception {
    assertThatThrownBy(
            () ->
                cache.once(
                    KEY,
                    Merged.class,
                    () -> {
                      Thread.currentThread().interrupt();
                      throw new InterruptedException();
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(cache.once(KEY, Merged.class, this::merge).reused()).isFalse();
  }

  @Test
  void a_claim_that_is_renewed_is_never_taken_over_however_long_the_step() throws Exception {
    try (var quick = new StepCache(store, "quick", SHORT);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var inside = new CountDownLatch(1);
      var looks = new CountDownLatch(10); // 10 looks at 200 ms are five time-outs
      var slow =
          threads.submit(
              () ->
                  quick.once(
                      KEY,
                      Merged.class,
                      () -> {
                        inside.countDown();
                        looks.await();
                        return merge();
                      }));
      inside.await();
      assertThat(quick.once(KEY, Merged.class, this::merge, holder -> looks.countDown()).reused())
          .isTrue();
      assertThat(slow.get().reused()).isFalse();
      assertThat(runs).hasValue(1);
    }
  }

  @Test
  void the_claim_of_a_killed_process_is_taken_over_once_it_is_silent() throws Exception {
    Process dying = Forked.java(Sleeper.class, folder.toUri().toString());
    assertThat(dying.inputReader().readLine()).isEqualTo("working");
    dying.destroyForcibly().waitFor();
    List<String> holders = new ArrayList<>();
    try (var quick = new StepCache(store, "quick", SHORT)) {
      assertThat(quick.once(KEY, Merged.class, this::merge, holders::add).reused()).isFalse();
    }
    assertThat(holders).isNotEmpty().containsOnly("the process to be killed");
    assertThat(store.list("steps/")).extracting(StoredObject::key).containsExactly(KEY.record());
  }

  @Test
  void of_several_that_take_a_dead_claim_over_one_runs() throws Exception {
    store.put(
        KEY.claim(1),
        "{\"holder\":\"dead\",\"token\":\"t\",\"renewals\":3,\"givenUp\":false}".getBytes(UTF_8));
    try (var quick = new StepCache(store, "quick", SHORT);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<StepCache.Result<Merged>>> asked = new ArrayList<>();
      for (int n = 0; n < 6; n++) {
        asked.add(threads.submit(() -> quick.once(KEY, Merged.class, this::merge)));
      }
      for (var one : asked) {
        assertThat(one.get().value()).isEqualTo(new Merged("model", 1));
      }
    }
    assertThat(runs).hasValue(1);
  }

  @Test
  void when_two_processes_did_run_one_step_the_first_record_stands() throws Exception {
    var late =
        cache.once(
            KEY,
            Merged.class,
            () -> {
              store.put(KEY.record(), StepRecord.encoded(KEY, new Merged("the other's", 9)));
              return merge();
            });
    assertThat(late).isEqualTo(new StepCache.Result<>(new Merged("the other's", 9), true));
  }

  @Test
  void a_damaged_record_is_kept_aside_and_the_step_runs_again() throws Exception {
    cache.once(KEY, Merged.class, this::merge);
    byte[] sound = store.find(KEY.record()).orElseThrow();
    String text = new String(sound, UTF_8);
    for (String damaged :
        List.of(
            "",
            text.substring(0, 60),
            text.replace("\"model\"", "\"nodel\""),
            "null",
            "[]",
            "{}")) {
      store.put(KEY.record(), damaged.getBytes(UTF_8));
      int before = runs.get();
      var again = cache.once(KEY, Merged.class, this::merge);
      assertThat(again.reused()).as(damaged).isFalse();
      assertThat(again.value().tensors()).isEqualTo(before + 1);
      assertThat(store.find(KEY.damaged(damaged.getBytes(UTF_8))))
          .contains(damaged.getBytes(UTF_8));
      assertThat(cache.once(KEY, Merged.class, this::merge).reused()).isTrue();
    }
  }

  @Test
  void a_record_of_a_newer_release_with_more_fields_is_read() throws Exception {
    record Newer(String model, int tensors, String added) {}
    cache.once(KEY, Newer.class, () -> new Newer("m", 3, "x"));
    assertThat(cache.once(KEY, Merged.class, this::merge).value()).isEqualTo(new Merged("m", 3));
  }

  static final class Sleeper {
    public static void main(String[] args) throws Exception {
      try (var cache =
          new StepCache(Stores.open(URI.create(args[0])), "the process to be killed", LONG)) {
        cache.once(
            KEY,
            Merged.class,
            () -> {
              System.out.println("working");
              Thread.sleep(Duration.ofMinutes(10));
              return new Merged("never", 0);
            });
      }
    }
  }
}
