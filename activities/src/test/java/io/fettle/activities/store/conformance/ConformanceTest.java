package io.fettle.activities.store.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.conformance.Conformance.Broken;
import io.fettle.activities.store.conformance.Conformance.Check;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A folder keeps every promise; and each promise that is broken on purpose is found to be. */
class ConformanceTest {
  @TempDir Path folder;
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("store").toUri());
  }

  @TestFactory
  Stream<DynamicTest> a_folder_keeps_every_promise() {
    return Conformance.all().stream()
        .map(check -> dynamicTest(check.name(), () -> check.run(store, scratch())));
  }

  private Path scratch() throws IOException {
    return Files.createTempDirectory(folder, "scratch");
  }

  @Test
  void a_store_that_lets_two_writers_win_is_found() throws Exception {
    assertThat(broken((method, answer) -> method.equals("putIfAbsent") ? true : answer))
        .anyMatch(name -> name.contains("exactly one wins"));
  }

  @Test
  void a_store_whose_lists_are_late_is_found() throws Exception {
    assertThat(broken((method, answer) -> method.equals("list") ? List.of() : answer))
        .anyMatch(name -> name.contains("right after a write"));
  }

  @Test
  void a_store_that_says_yes_and_keeps_nothing_fails_nearly_all() throws Exception {
    var forgetful = forgetful();

    assertThat(broken(forgetful)).hasSizeGreaterThan(Conformance.all().size() / 2);
  }

  @Test
  void a_check_leaves_nothing_behind() throws Exception {
    for (var check : Conformance.all()) {
      check.run(store, scratch());
    }

    assertThat(store.list("")).isEmpty();
  }

  private interface Lie {
    Object told(String method, Object answer);
  }

  private List<String> broken(Lie lie) throws Exception {
    return broken(
        proxy(
            (_, method, arguments) -> {
              var answer = call(method, arguments);
              return answer == null ? null : lie.told(method.getName(), answer);
            }));
  }

  private ObjectStore forgetful() {
    return proxy(
        (_, method, arguments) ->
            switch (method.getName()) {
              case "put", "upload" -> null;
              case "putIfAbsent" -> true;
              default -> call(method, arguments);
            });
  }

  private static ObjectStore proxy(java.lang.reflect.InvocationHandler handler) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, handler);
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private List<String> broken(ObjectStore liar) throws Exception {
    var names = new ArrayList<String>();
    for (Check check : Conformance.all()) {
      try {
        check.run(liar, scratch());
      } catch (Broken | IOException found) {
        names.add(check.name());
      }
    }
    return names;
  }
}
