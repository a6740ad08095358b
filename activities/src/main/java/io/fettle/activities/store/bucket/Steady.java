package io.fettle.activities.store.bucket;

import io.fettle.activities.store.bucket.Bucket.Changed;
import io.fettle.activities.store.bucket.Bucket.Described;
import io.fettle.activities.store.bucket.Bucket.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An object as it was described, or as it is now with the same bytes: another host may have made it
 * young meanwhile, which gives it another version.
 */
final class Steady {
  private final Bucket bucket;
  private final String name;
  private volatile Described is;

  Steady(Bucket bucket, String name, Described is) {
    this.bucket = bucket;
    this.name = name;
    this.is = is;
  }

  long bytes() {
    return is.bytes();
  }

  /** Reads until the reading is done. */
  void read(Reading reading) throws IOException {
    var was = is;
    try {
      read(was, reading);
    } catch (Changed changed) {
      var now = bucket.describe(name).orElseThrow(() -> changed);
      if (!now.isAlike(was)) {
        throw changed;
      }
      is = now;
      read(now, reading);
    }
  }

  private void read(Described version, Reading reading) throws IOException {
    try {
      bucket.read(name, version.version(), reading);
    } catch (UncheckedIOException ofTheSink) {
      throw ofTheSink.getCause();
    }
  }
}
