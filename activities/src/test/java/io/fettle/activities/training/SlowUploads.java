package io.fettle.activities.training;

import io.fettle.activities.store.ObjectStore;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;

/** A store into which a checkpoint's weights take a while; everything else is quick. */
final class SlowUploads {
  private final ObjectStore real;
  private volatile Duration time = Duration.ZERO;

  SlowUploads(ObjectStore real) {
    this.real = real;
  }

  void take(Duration next) {
    time = next;
  }

  ObjectStore store() {
    return (ObjectStore)
        Proxy.newProxyInstance(
            SlowUploads.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (_, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (isWeights(arguments)) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        throw new InterruptedIOException("the upload was given up");
      }
    }
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static boolean isWeights(Object[] arguments) {
    return arguments != null
        && arguments.length == 2
        && arguments[1] instanceof Path file
        && file.endsWith("adapter_model.safetensors");
  }
}
