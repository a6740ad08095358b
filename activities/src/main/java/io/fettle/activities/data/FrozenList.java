package io.fettle.activities.data;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores.Access;
import io.fettle.data.read.RowFolder;
import io.fettle.data.version.DatasetManifest.Input;
import io.fettle.workflows.spec.DataSpec;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the folders of a spec held when an execution of its run first looked: a repeat of the step,
 * on whatever machine, reads the same files. Where nothing but files is named, nothing is kept: a
 * file is what it is named.
 */
final class FrozenList {
  private final ObjectStore store;
  private final String key;
  private final @Nullable Frozen earlier;
  private final RowList list;

  private FrozenList(ObjectStore store, String key, @Nullable Frozen earlier, RowList list) {
    this.store = store;
    this.key = key;
    this.earlier = earlier;
    this.list = list;
  }

  /**
   * What is kept.
   *
   * @param files by name and contents, in the order in which they are read
   */
  record Frozen(RowList list, List<Input> files) {
    Frozen {
      files = List.copyOf(files);
    }
  }

  /**
   * The list that the execution has, or that it will have once it is {@link #settle settled}.
   *
   * @param execution where the store keeps what belongs to it
   * @throws RowFolder.Refused as {@link RowList#of}
   */
  static FrozenList of(DataSpec data, Access access, ObjectStore store, String execution)
      throws IOException {
    String key = execution + "/rows.json";
    Optional<String> test = Optional.ofNullable(data.test());
    boolean hasFolders =
        Stream.concat(data.train().stream(), test.stream()).anyMatch(RowList::isFolder);
    Frozen earlier = hasFolders ? kept(store, key) : null;
    RowList list = earlier != null ? earlier.list() : RowList.of(data.train(), test, access);
    return new FrozenList(store, key, earlier, list);
  }

  private static @Nullable Frozen kept(ObjectStore store, String key) throws IOException {
    Optional<byte[]> kept = store.find(key);
    return kept.isPresent() ? Wire.mapper().readValue(kept.get(), Frozen.class) : null;
  }

  RowList list() {
    return list;
  }

  /**
   * Keeps the list with what its files hold, or compares them with what was kept.
   *
   * @param files as they were hashed, in the order in which they are read
   * @throws RowFolder.Refused where a file is another one than the execution saw first
   */
  void settle(List<Input> files) throws IOException {
    if (list.folders().isEmpty()) {
      return;
    }
    Frozen first = earlier;
    if (first == null) {
      store.putIfAbsent(key, Wire.mapper().writeValueAsBytes(new Frozen(list, files)));
      first = kept(store, key);
    }
    if (first == null || !first.list().equals(list)) {
      throw new IOException(
          "another attempt of this step listed the folders at the same time; the step tries again with its list");
    }
    Set<Input> before = Set.copyOf(first.files());
    Set<Input> now = Set.copyOf(files);
    for (Input file : Stream.concat(first.files().stream(), files.stream()).toList()) {
      if (!before.contains(file) || !now.contains(file)) {
        throw new RowFolder.Refused(
            "the data file %s is another one than when this run first read it; put it back, or start the run again to take what it holds now"
                .formatted(file.name()));
      }
    }
  }
}
