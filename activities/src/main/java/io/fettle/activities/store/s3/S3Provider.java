package io.fettle.activities.store.s3;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.bucket.BucketStore;
import java.io.IOException;
import java.net.URI;

/**
 * {@code s3://BUCKET/PREFIX/}. Credentials and region come the way that every AWS tool finds them:
 * {@code AWS_PROFILE}, {@code AWS_REGION}, an instance's role, and so on.
 */
public final class S3Provider implements Stores.Provider {
  @Override
  public String scheme() {
    return "s3";
  }

  @Override
  public ObjectStore open(URI root, Access access) throws IOException {
    var place = Stores.inBucket(root);
    return new BucketStore(
        place, S3Bucket.open(place.getRawAuthority(), access), access.transfer());
  }
}
