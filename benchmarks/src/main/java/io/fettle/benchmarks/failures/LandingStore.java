package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * A reader's store in which somebody else's write lands right after a list, before the reader can
 * look at anything of it. For one thread.
 */
final class LandingStore {
  private final ObjectStore store;
  private final String prefix;
  private @Nullable Write write;
  private int lists;
  private boolean landed;

  LandingStore(ObjectStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  interface Write {
    void run() throws IOException;
  }

  /** The store that the reader gets. */
  ObjectStore store() {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (_, method, arguments) -> call(method, arguments));
  }

  /** Lets a write land after so many lists under the prefix. */
  void afterList(int number, Write landing) {
    lists = number;
    write = landing;
    landed = false;
  }

  boolean hasLanded() {
    return landed;
  }

  boolean isWaiting() {
    return write != null;
  }

  void forget() {
    write = null;
    landed = false;
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      var answer = method.invoke(store, arguments);
      if (arguments != null
          && method.getName().equals("list")
          && arguments[0].toString().startsWith(prefix)) {
        land();
      }
      return answer;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void land() throws IOException {
    var due = write;
    if (due != null && --lists == 0) {
      write = null;
      due.run();
      landed = true;
    }
  }
}
