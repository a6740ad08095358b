package io.fettle.activities.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fettle.activities.spec.Shape.Choice;
import io.fettle.activities.spec.Shape.Flag;
import io.fettle.activities.spec.Shape.Many;
import io.fettle.activities.spec.Shape.Member;
import io.fettle.activities.spec.Shape.Real;
import io.fettle.activities.spec.Shape.Section;
import io.fettle.activities.spec.Shape.Span;
import io.fettle.activities.spec.Shape.Text;
import io.fettle.activities.spec.Shape.Whole;
import io.fettle.activities.spec.Tree.Scalar;
import java.util.Arrays;

/**
 * The schema as JSON Schema. It says what {@link Checker} says, but for files and for times, whose
 * bounds it cannot say.
 */
final class JsonSchema {
  private static final String SPAN =
      "^((?=.)(\\d{1,6}d)?(\\d{1,6}h)?(\\d{1,6}m)?(\\d{1,8}s)?|P(?=.)(\\d{1,6}D)?(T(?=.)(\\d{1,6}H)?(\\d{1,6}M)?(\\d{1,8}S)?)?)$";

  private JsonSchema() {}

  static ObjectNode of(Section spec) {
    var root = JsonNodeFactory.instance.objectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "Fettle spec");
    return root.setAll(section(spec));
  }

  private static ObjectNode section(Section section) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("type", "object");
    node.put("additionalProperties", false);
    var properties = node.putObject("properties");
    section.keys().forEach(key -> properties.set(key.name(), member(key)));
    var required =
        section.keys().stream().filter(JsonSchema::isRequired).map(Member::name).toList();
    required.forEach(node.withArray("required")::add);
    if (required.isEmpty()) node.remove("required");
    rivals(section, node);
    return node;
  }

  private static boolean isRequired(Member key) {
    return key.isRequired()
        || (!key.nullable() && key.shape() instanceof Section s && s.needsAnything());
  }

  /** At most one of two keys that say the same thing may be there with a value. */
  private static void rivals(Section section, ObjectNode node) {
    for (var key : section.keys()) {
      Arrays.stream(key.setting().unless())
          .filter(rival -> rival.compareTo(key.name()) > 0)
          .forEach(
              rival -> node.withArray("allOf").addObject().set("not", both(key.name(), rival)));
    }
  }

  private static ObjectNode both(String a, String b) {
    var node = JsonNodeFactory.instance.objectNode();
    node.putArray("required").add(a).add(b);
    var there = node.putObject("properties");
    there.putObject(a).putObject("not").put("type", "null");
    there.putObject(b).putObject("not").put("type", "null");
    return node;
  }

  private static ObjectNode member(Member key) {
    var value = shape(key.shape(), key);
    var node = JsonNodeFactory.instance.objectNode();
    node.put("description", key.setting().value());
    if (key.hasDefault()) node.set("default", fallback(key));
    if (isRequired(key)) return node.setAll(value);
    var any = node.putArray("anyOf").add(value);
    any.addObject().put("type", "null");
    if (key.setting().auto()) any.addObject().put("const", "auto");
    return node;
  }

  private static JsonNode fallback(Member key) {
    var text = key.setting().fallback();
    if (!(key.shape() instanceof Many many)) return value(key.shape(), text);
    var list = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(text.split("[\\[\\], ]+"))
        .filter(t -> !t.isEmpty())
        .forEach(t -> list.add(value(many.item(), t)));
    return list;
  }

  private static JsonNode value(Shape shape, String text) {
    if (shape instanceof Span) return TextNode.valueOf(text);
    return Values.read(shape, new Scalar(text, true, 1)).orElseThrow();
  }

  private static ObjectNode shape(Shape shape, Member key) {
    var node = JsonNodeFactory.instance.objectNode();
    return switch (shape) {
      case Text _ -> text(node, key);
      case Whole _ -> bounds(node.put("type", "integer"), key, "minimum", "maximum");
      case Real _ -> bounds(node.put("type", "number"), key, "minimum", "maximum");
      case Flag _ -> node.put("type", "boolean");
      case Span _ -> node.put("type", "string").put("pattern", SPAN);
      case Choice c -> {
        c.words().forEach(node.putArray("enum")::add);
        yield node;
      }
      case Many m -> many(m, key);
      case Section s -> section(s);
    };
  }

  private static ObjectNode text(ObjectNode node, Member key) {
    node.put("type", "string");
    if (!key.setting().pattern().isEmpty())
      return node.put("pattern", "^(" + key.setting().pattern() + ")$");
    return key.shape() instanceof Many ? node : bounds(node, key, "minLength", "maxLength");
  }

  /** A list; a single value stands for a list of one. */
  private static ObjectNode many(Many many, Member key) {
    var item =
        switch (many.item()) {
          case Section inner -> section(inner);
          case Choice choice -> shape(choice, key);
          default ->
              JsonNodeFactory.instance
                  .objectNode()
                  .put("type", many.item() instanceof Whole ? "integer" : "string");
        };
    var list = JsonNodeFactory.instance.objectNode();
    list.put("type", "array").set("items", item);
    bounds(list, key, "minItems", "maxItems");
    var node = JsonNodeFactory.instance.objectNode();
    node.putArray("anyOf").add(list).add(item);
    return node;
  }

  private static ObjectNode bounds(ObjectNode node, Member key, String min, String max) {
    put(node, min, key.setting().min());
    put(node, max, key.setting().max());
    return node;
  }

  private static void put(ObjectNode node, String name, double bound) {
    if (Double.isInfinite(bound)) return;
    if (bound == Math.rint(bound)) node.put(name, (long) bound);
    else node.put(name, bound);
  }
}
