package io.fettle.activities.spec;

import io.fettle.activities.spec.Shape.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a key lives that was written in the wrong section. */
final class Homes {
  private static final List<String> PATHS = paths("", Shapes.SPEC);

  private Homes() {}

  /** The full path of the key, if exactly one section has it. */
  static Optional<String> of(String name) {
    var found = PATHS.stream().filter(p -> p.endsWith("." + name)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private static List<String> paths(String prefix, Section section) {
    var paths = new ArrayList<String>();
    for (var key : section.keys()) {
      paths.add(prefix + key.name());
      if (key.shape() instanceof Section inner)
        paths.addAll(paths(prefix + key.name() + ".", inner));
    }
    return paths;
  }
}
