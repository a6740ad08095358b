package io.fettle.activities.training.ledger;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts one local checkpoint into the store, objects first, manifest next, so that a manifest never
 * names what is not there.
 */
final class Publication {
  private final ObjectStore store;
  private final LedgerKeys keys;

  Publication(ObjectStore store, LedgerKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  Published publish(LeaseRecord lease, Path directory) throws IOException, Superseded {
    var local = LocalCheckpoint.read(directory).asManifestOf(lease);
    var files = new ArrayList<Manifest.File>();
    for (var file : local.files()) {
      upload(directory, file); // one that is there already is read: its bytes may have been damaged
      files.add(file.summedIn(directory));
    }
    var manifest = local.with(files);
    var key = keys.checkpoint(lease.number(), manifest.step());
    var written = ManifestFormat.write(manifest);
    var body = store.putIfAbsent(key, written) ? written : theSame(key, manifest);
    lookAgain(directory, files);
    return new Published(new Reference(store.uri(key), Stores.sha256(body)), manifest);
  }

  private void upload(Path directory, Manifest.File file) throws IOException {
    var stored = store.putBlob(keys.objects(), directory.resolve(file.path()));
    if (!stored.sha256().equals(file.sha256())) {
      throw new IOException(
          "%s/%s is not what its manifest says; the checkpoint is not published"
              .formatted(directory, file.path()));
    }
  }

  private void lookAgain(Path directory, List<Manifest.File> files) throws IOException {
    for (var file : files) {
      if (!isThere(file)) { // a collector may have run between the first look and the manifest
        upload(directory, file);
      }
      if (!isThere(file)) {
        throw new IOException(keys.object(file.sha256()) + " is not in the store after its upload");
      }
    }
  }

  private boolean isThere(Manifest.File file) throws IOException {
    return store
        .head(keys.object(file.sha256()))
        .filter(object -> object.bytes() == file.bytes())
        .isPresent();
  }

  /** What an earlier attempt has put there. */
  private byte[] theSame(String key, Manifest manifest) throws IOException, Superseded {
    var there =
        store.find(key).orElseThrow(() -> new IOException(key + " was refused, yet is not there"));
    if (ManifestFormat.read(there).filter(manifest::isAlike).isEmpty()) {
      throw new Superseded(key + " holds another checkpoint: this lease is stale");
    }
    return there;
  }
}
