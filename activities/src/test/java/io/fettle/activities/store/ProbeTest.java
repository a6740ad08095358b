package io.fettle.activities.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeTest {
  @TempDir Path folder;
  private ObjectStore sound;

  @BeforeEach
  void open() throws IOException {
    sound = Stores.open(folder.toUri());
  }

  @Test
  void a_store_that_lets_two_writers_win_is_refused() {
    ObjectStore ignoresTheCondition =
        flawed(
            "putIfAbsent",
            args -> {
              sound.put((String) args[0], (byte[]) args[1]);
              return true;
            });
    assertThatIOException()
        .isThrownBy(() -> Probe.run(ignoresTheCondition))
        .withMessageContaining("8 of 8 writers")
        .withMessageContaining("use another store");
  }

  @Test
  void a_store_whose_lists_lag_is_refused_and_left_clean() throws IOException {
    boolean[] lags = {true};
    ObjectStore lagging =
        flawed(
            "list",
            args -> {
              List<StoredObject> all = sound.list((String) args[0]);
              List<StoredObject> shown = lags[0] ? List.of() : all;
              lags[0] = false;
              return shown;
            });
    assertThatIOException()
        .isThrownBy(() -> Probe.run(lagging))
        .withMessageContaining("a list right after a write");
    assertThat(sound.list("probes/")).isEmpty();
  }

  private interface Flaw {
    Object answer(Object[] args) throws IOException;
  }

  private ObjectStore flawed(String method, Flaw flaw) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, called, args) -> {
              if (called.getName().equals(method)) {
                return flaw.answer(args);
              }
              try {
                return called.invoke(sound, args);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }
}
