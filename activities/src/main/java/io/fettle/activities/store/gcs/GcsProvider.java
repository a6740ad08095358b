package io.fettle.activities.store.gcs;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.bucket.BucketStore;
import java.io.IOException;
import java.net.URI;

/**
 * {@code gs://BUCKET/PREFIX/}. Credentials are the application default ones: {@code
 * GOOGLE_APPLICATION_CREDENTIALS}, {@code gcloud auth application-default login}, or the machine's
 * service account.
 */
public final class GcsProvider implements Stores.Provider {
  @Override
  public String scheme() {
    return "gs";
  }

  @Override
  public ObjectStore open(URI root, Access access) throws IOException {
    var place = Stores.inBucket(root);
    return new BucketStore(
        place, GcsBucket.open(place.getRawAuthority(), access), access.transfer());
  }
}
