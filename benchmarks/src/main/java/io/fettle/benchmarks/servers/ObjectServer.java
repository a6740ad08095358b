package io.fettle.benchmarks.servers;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.Stores.Transfer;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** A server of objects on this machine, with one bucket. */
public interface ObjectServer extends AutoCloseable {
  /** What runs, and in which version. */
  String name();

  /** The bucket's address. */
  URI bucket();

  URI endpoint();

  @Override
  void close() throws IOException;

  /** Opens its bucket. */
  default ObjectStore open() throws IOException {
    return open("");
  }

  /** The same, under a prefix. */
  default ObjectStore open(String prefix) throws IOException {
    return open(prefix, endpoint(), Transfer.USUAL);
  }

  /** The same, through another address and at another pace. */
  default ObjectStore open(String prefix, URI through, Transfer transfer) throws IOException {
    LocalServers.signIn();
    return Stores.open(
        URI.create(bucket() + "/" + prefix),
        new Access(Map.of(bucket().getScheme(), through), transfer));
  }

  /**
   * What goes over a network that breaks. The one that speaks GCS takes half of an upload in parts
   * for the whole, once it is cut off: there everything goes in one.
   */
  default Transfer sturdy() {
    var usual = Transfer.USUAL;
    return bucket().getScheme().equals("gs")
        ? new Transfer(usual.streams(), 4 * usual.partBytes(), 0)
        : usual;
  }

  /** What a process must find in its environment to use the bucket as its store. */
  default Map<String, String> environment() {
    var environment = new HashMap<>(LocalServers.credentials());
    environment.put("FETTLE_STORE", bucket() + "/fettle");
    environment.put("FETTLE_STORE_ENDPOINT", endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_S3", endpoint().toString()); // for rows beside the store
    return environment;
  }
}
