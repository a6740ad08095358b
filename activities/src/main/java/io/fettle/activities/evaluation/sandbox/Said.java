package io.fettle.activities.evaluation.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What a program says on both its outputs, up to a limit; past it the program is stopped. */
final class Said {
  private static final int PART = 8 << 10;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final int limit;
  private final Runnable stop;
  private boolean tooMuch;

  Said(int limit, Runnable stop) {
    this.limit = limit;
    this.stop = stop;
  }

  void read(InputStream from, boolean error) {
    byte[] part = new byte[PART];
    try (from) {
      for (int read = from.read(part); read >= 0; read = from.read(part)) {
        if (!add(part, read, error)) {
          stop.run();
          return; // closing it tells a writer that is still there
        }
      }
    } catch (IOException gone) {
      // it was killed while it spoke; what it said until then counts
    }
  }

  private synchronized boolean add(byte[] part, int read, boolean error) {
    int room = limit - output.size() - errors.size();
    (error ? errors : output).write(part, 0, Math.min(read, Math.max(0, room)));
    tooMuch |= read > room;
    return !tooMuch;
  }

  synchronized boolean tooMuch() {
    return tooMuch;
  }

  synchronized String text(boolean error) {
    return (error ? errors : output).toString(StandardCharsets.UTF_8);
  }
}
