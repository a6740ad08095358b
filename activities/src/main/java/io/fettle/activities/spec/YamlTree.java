package io.fettle.activities.spec;

import io.fettle.activities.spec.Tree.Field;
import io.fettle.activities.spec.Tree.Fields;
import io.fettle.activities.spec.Tree.Items;
import io.fettle.activities.spec.Tree.Scalar;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML to a {@link Tree}. Nothing is constructed: types come from the schema, so that {@code 2e-4}
 * is a number and {@code no} a word where the schema says so. Aliases, merge keys and tags of one's
 * own are refused, which also ends every YAML bomb.
 */
final class YamlTree {
  static final int LONGEST_TEXT = 1 << 20;
  private static final int DEEPEST = 16;
  private static final int LONGEST_NAME = 40;

  private final Problems problems;
  private final int firstLine;
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlTree(Problems problems, int firstLine) {
    this.problems = problems;
    this.firstLine = firstLine;
  }

  /** The tree, if the text is YAML at all; what is wrong goes to the problems. */
  static Optional<Tree> parse(String text, Problems problems) {
    return new YamlTree(problems, 1).compose("", text);
  }

  /** The value of a {@code --set path=value}. */
  static Optional<Tree> parseValue(String path, String text, Problems problems) {
    return new YamlTree(problems, 0).compose(path, text);
  }

  private Optional<Tree> compose(String path, String text) {
    if (text.length() > LONGEST_TEXT) {
      problems.add(
          path, firstLine, "is longer than 1 MiB; a spec names its data, it does not hold it");
      return Optional.empty();
    }
    var options = new LoaderOptions();
    options.setCodePointLimit(LONGEST_TEXT);
    options.setNestingDepthLimit(DEEPEST);
    try {
      var node = new Yaml(options).compose(new StringReader(text));
      return node == null
          ? Optional.of(new Scalar("", true, firstLine))
          : Optional.of(tree(path, node));
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      int line = mark == null ? 1 : mark.getLine() + 1;
      problems.add(
          path, line * firstLine, "is not YAML: " + firstOf(e.getProblem(), e.getContext()));
    } catch (YAMLException e) {
      problems.add(path, firstLine, "is not YAML: " + firstOf(e.getMessage(), null));
    }
    return Optional.empty();
  }

  private static String firstOf(@Nullable String a, @Nullable String b) {
    var text = a != null ? a : b != null ? b : "it cannot be read";
    return text.lines().findFirst().orElse("it cannot be read");
  }

  private Tree tree(String path, Node node) {
    int line = line(node);
    if (!seen.add(node)) {
      problems.add(path, line, "is an alias (*name); write the value out");
      return new Scalar("", true, line);
    }
    if (!isPlainTag(node))
      problems.add(
          path, line, "has the tag " + Problems.echo(node.getTag().getValue()) + "; leave it out");
    return switch (node) {
      case ScalarNode s -> scalar(path, s, line);
      case SequenceNode s -> items(path, s, line);
      case MappingNode m -> fields(path, m, line);
      default -> new Scalar("", true, line);
    };
  }

  private int line(Node node) {
    return firstLine == 0 ? 0 : node.getStartMark().getLine() + 1;
  }

  private static boolean isPlainTag(Node node) {
    return node.getTag().getValue().startsWith(Tag.PREFIX);
  }

  private Scalar scalar(String path, ScalarNode node, int line) {
    if (KeyLike.isKeyLike(node.getValue())) {
      problems.add(
          path,
          line,
          "looks like a key; name it instead, as in {secret: HF_TOKEN}, and revoke the one written here");
    }
    return new Scalar(node.getValue(), node.getScalarStyle() == ScalarStyle.PLAIN, line);
  }

  private Items items(String path, SequenceNode node, int line) {
    List<Tree> items = new ArrayList<>();
    for (int i = 0; i < node.getValue().size(); i++) {
      items.add(tree(path + "[" + i + "]", node.getValue().get(i)));
    }
    return new Items(items, line);
  }

  private Fields fields(String path, MappingNode node, int line) {
    var fields = new LinkedHashMap<String, Field>();
    for (NodeTuple tuple : node.getValue()) {
      int keyLine = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key) || key.getTag().equals(Tag.MERGE)) {
        problems.add(path, keyLine, "has a key that is not a word; write each key out");
        continue;
      }
      var name = scalar(path, key, keyLine).text();
      var inner = inner(path, name);
      var before = fields.put(name, new Field(keyLine, tree(inner, tuple.getValueNode())));
      if (before != null)
        problems.add(
            inner, keyLine, "is given twice, first in line " + before.line() + "; keep one");
    }
    return new Fields(fields, line);
  }

  private static String inner(String path, String name) {
    var shown =
        KeyLike.isKeyLike(name)
            ? "(a key)"
            : name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    return path.isEmpty() ? shown : path + "." + shown;
  }
}
