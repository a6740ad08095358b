package io.fettle.activities.spec;

import io.fettle.activities.spec.Tree.Field;
import io.fettle.activities.spec.Tree.Fields;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code --set train.max_steps=20}: writes values into the tree before anything is checked or
 * hashed.
 */
final class Overrides {
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*){0,7}");

  private Overrides() {}

  static void apply(Tree tree, List<String> overrides, Problems problems) {
    if (!(tree instanceof Fields root)) return;
    for (var override : overrides) {
      int equals = override.indexOf('=');
      var path = equals < 0 ? override : override.substring(0, equals).strip();
      if (equals < 0 || !PATH.matcher(path).matches()) {
        problems.add(
            "",
            0,
            Problems.echo(override) + " is no override; write it as --set train.max_steps=20");
        continue;
      }
      YamlTree.parseValue(path, override.substring(equals + 1), problems)
          .ifPresent(value -> put(root, Arrays.asList(path.split("\\.")), value));
    }
  }

  private static void put(Fields at, List<String> path, Tree value) {
    var name = path.getFirst();
    if (path.size() == 1) {
      at.fields().put(name, new Field(0, value));
      return;
    }
    var below = at.fields().get(name);
    if (below == null || !(below.value() instanceof Fields)) {
      below = new Field(0, new Fields(new LinkedHashMap<>(), 0));
      at.fields().put(name, below);
    }
    put((Fields) below.value(), path.subList(1, path.size()), value);
  }
}
