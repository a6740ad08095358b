package io.fettle.activities.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.spec.Shape.Choice;
import io.fettle.activities.spec.Shape.Many;
import io.fettle.activities.spec.Shape.Member;
import io.fettle.activities.spec.Shape.Section;
import io.fettle.activities.spec.Tree.Field;
import io.fettle.activities.spec.Tree.Fields;
import io.fettle.activities.spec.Tree.Items;
import io.fettle.activities.spec.Tree.Scalar;
import io.fettle.workflows.spec.Secret;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the schema over a tree: types, bounds and patterns, unknown keys, defaults. */
final class Checker {
  private static final Fields NOTHING = new Fields(Map.of(), 1);

  private final Problems problems;
  private final Locations locations;
  private final Map<String, Integer> lines = new HashMap<>();

  Checker(Problems problems, Locations locations) {
    this.problems = problems;
    this.locations = locations;
  }

  Checked check(Tree tree) {
    if (tree instanceof Fields fields) return new Checked(section("", Shapes.SPEC, fields), lines);
    var what = tree instanceof Scalar s && s.isNull() ? "is empty" : "is not a mapping";
    problems.add(
        "",
        tree.line(),
        what + "; a spec starts with apiVersion: fettle/v1, and `fettle init` writes one");
    return new Checked(JsonNodeFactory.instance.objectNode(), lines);
  }

  private ObjectNode section(String path, Section section, Fields written) {
    var values = JsonNodeFactory.instance.objectNode();
    written.fields().forEach((name, field) -> refuseUnknown(path, section, name, field));
    for (var key : section.keys()) {
      var inner = inner(path, key.name());
      var given = given(written, key.name());
      given.ifPresent(f -> lines.put(inner, f.line()));
      var rivals =
          Arrays.stream(key.setting().unless()).filter(r -> given(written, r).isPresent()).toList();
      given
          .map(f -> asGiven(inner, key, f, rivals))
          .orElseGet(() -> asAbsent(inner, key, written.line(), rivals))
          .ifPresent(value -> values.set(key.name(), value));
    }
    return values;
  }

  private static Optional<Field> given(Fields written, String name) {
    return Optional.ofNullable(written.fields().get(name))
        .filter(f -> !(f.value() instanceof Scalar s && s.isNull()));
  }

  private void refuseUnknown(String path, Section section, String name, Field field) {
    if (section.key(name).isPresent() || KeyLike.isKeyLike(name)) return;
    var here = path.isEmpty() ? "the spec" : path;
    var meant =
        NearMiss.elsewhere(name)
            .filter(n -> section.key(n).isPresent())
            .or(() -> NearMiss.of(name, section.names()));
    var advice =
        meant
            .map(m -> "did you mean " + m + "?")
            .or(
                () ->
                    Homes.of(NearMiss.elsewhere(name).orElse(name))
                        .map(home -> "did you mean " + home + "?"))
            .orElse("known: " + String.join(", ", section.names()));
    var shown = name.length() > 40 ? name.substring(0, 40) : name;
    problems.add(inner(path, shown), field.line(), "is not a key of " + here + "; " + advice);
  }

  private Optional<JsonNode> asGiven(String path, Member key, Field field, List<String> rivals) {
    for (var rival : rivals) {
      if (lines.containsKey(sibling(path, rival))) {
        problems.add(path, field.line(), "is given beside " + rival + "; give one of the two");
      }
    }
    boolean auto =
        key.setting().auto() && field.value() instanceof Scalar s && s.text().equals("auto");
    return auto ? Optional.of(NullNode.instance) : typed(path, key, key.shape(), field.value());
  }

  private Optional<JsonNode> asAbsent(String path, Member key, int line, List<String> rivals) {
    if (!rivals.isEmpty()) return Optional.of(NullNode.instance);
    if (key.hasDefault())
      return YamlTree.parseValue(path, key.setting().fallback(), problems)
          .flatMap(t -> typed(path, key, key.shape(), t));
    if (key.nullable()) return Optional.of(NullNode.instance);
    if (key.shape() instanceof Section section && !section.needsAnything())
      return Optional.of(section(path, section, NOTHING));
    problems.add(path, line, "is missing; " + Values.allowed(key));
    return Optional.empty();
  }

  private Optional<JsonNode> typed(String path, Member key, Shape shape, Tree tree) {
    return switch (shape) {
      case Section section ->
          tree instanceof Fields fields
              ? Optional.of(section(path, section, fields))
              : refuseSection(path, section, tree);
      case Many many -> items(path, key, many, tree);
      default ->
          tree instanceof Scalar scalar
              ? single(path, key, shape, scalar)
              : refuse(path, key, tree.line(), isWhat(tree));
    };
  }

  private Optional<JsonNode> refuseSection(String path, Section section, Tree tree) {
    if (section.type() == Secret.class) {
      problems.add(
          path, tree.line(), "is a value; a secret is only named here, as in {secret: HF_TOKEN}");
    } else {
      problems.add(
          path,
          tree.line(),
          isWhat(tree) + "; a section with " + String.join(", ", section.names()));
    }
    return Optional.empty();
  }

  private Optional<JsonNode> items(String path, Member key, Many many, Tree tree) {
    if (tree instanceof Fields && !(many.item() instanceof Section))
      return refuse(path, key, tree.line(), isWhat(tree));
    var written = tree instanceof Items items ? items.items() : List.of(tree);
    var list = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < written.size(); i++) {
      typed(path + "[" + i + "]", key, many.item(), written.get(i)).ifPresent(list::add);
    }
    if (list.size() < written.size()) return Optional.empty();
    return withinLimits(path, key, many, list, tree.line(), "has " + list.size() + " items");
  }

  private Optional<JsonNode> single(String path, Member key, Shape shape, Scalar scalar) {
    var value = Values.read(shape, scalar);
    if (value.isEmpty())
      return refuse(path, scalar.line(), "is " + echo(scalar), advice(key, shape, scalar));
    if (shape instanceof Shape.Text && !matches(key, scalar.text()))
      return refuse(path, key, scalar.line(), "is " + echo(scalar));
    if (!key.setting().word().isEmpty() && scalar.text().equals(key.setting().word())) return value;
    if (key.setting().remote() && RemoteFile.isRemote(scalar.text()))
      return locations
          .remote(path, scalar, key.setting().folders(), problems)
          .map(TextNode::valueOf);
    if (key.setting().path())
      return locations.resolve(path, scalar, problems).map(TextNode::valueOf);
    boolean isItem = key.shape() instanceof Many;
    return isItem
        ? value
        : withinLimits(path, key, shape, value.get(), scalar.line(), "is " + echo(scalar));
  }

  private Optional<JsonNode> withinLimits(
      String path, Member key, Shape shape, JsonNode value, int line, String what) {
    double measure = Values.measure(shape, value);
    if (measure >= key.setting().min() && measure <= key.setting().max()) return Optional.of(value);
    return refuse(path, key, line, what);
  }

  private Optional<JsonNode> refuse(String path, Member key, int line, String what) {
    return refuse(path, line, what, Values.allowed(key));
  }

  private Optional<JsonNode> refuse(String path, int line, String what, String allowed) {
    problems.add(path, line, what + "; " + allowed);
    return Optional.empty();
  }

  private static boolean matches(Member key, String text) {
    return key.setting().pattern().isEmpty() || text.matches(key.setting().pattern());
  }

  /** What is allowed, or of a mistyped word what was meant. */
  private static String advice(Member key, Shape shape, Scalar scalar) {
    if (!(shape instanceof Choice choice)) return Values.allowed(key);
    return NearMiss.of(scalar.text(), choice.words())
        .map(m -> "did you mean " + m + "? known: " + String.join(", ", choice.words()))
        .orElseGet(() -> Values.allowed(key));
  }

  private static String echo(Scalar scalar) {
    boolean isNumber = scalar.plain() && scalar.text().matches("[+-]?[0-9.eE+-]{1,30}");
    return isNumber ? scalar.text() : Problems.echo(scalar.text());
  }

  private static String isWhat(Tree tree) {
    return switch (tree) {
      case Scalar s -> "is " + echo(s);
      case Items _ -> "is a list";
      case Fields _ -> "is a section";
    };
  }

  private static String inner(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String sibling(String path, String name) {
    int dot = path.lastIndexOf('.');
    return dot < 0 ? name : path.substring(0, dot + 1) + name;
  }
}
