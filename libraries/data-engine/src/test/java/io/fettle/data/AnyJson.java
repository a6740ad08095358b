package io.fettle.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.random.RandomGenerator;

/** JSON trees of any form whose keys and words are those that a reader looks for. */
public final class AnyJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DEEPEST = 6;

  private final List<String> keys;
  private final List<String> words;

  /** Trees of these keys, whose texts are often these words. */
  public AnyJson(List<String> keys, List<String> words) {
    this.keys = List.copyOf(keys);
    this.words = List.copyOf(words);
  }

  /** Any tree. */
  public JsonNode tree(RandomGenerator random) {
    return tree(random, 0);
  }

  /** A copy in which one to three values are others. */
  public JsonNode changed(JsonNode sound, RandomGenerator random) {
    JsonNode tree = sound.deepCopy();
    for (int n = random.nextInt(3); n >= 0; n--) {
      tree = changedOnce(tree, random);
    }
    return tree;
  }

  private JsonNode changedOnce(JsonNode tree, RandomGenerator random) {
    if (tree.isEmpty() || random.nextInt(6) == 0) {
      return tree(random, DEEPEST - 2);
    }
    int at = random.nextInt(tree.size());
    if (tree instanceof ArrayNode list) {
      list.set(at, changedOnce(list.get(at), random));
    } else if (tree instanceof ObjectNode object) {
      change(object, object.propertyStream().skip(at).findFirst().orElseThrow().getKey(), random);
    }
    return tree;
  }

  private void change(ObjectNode object, String key, RandomGenerator random) {
    switch (random.nextInt(6)) {
      case 0 -> object.remove(key);
      case 1 -> object.set(one(keys, random), object.get(key));
      default -> object.set(key, changedOnce(object.get(key), random));
    }
  }

  private JsonNode tree(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth < DEEPEST ? 9 : 6)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextInt(-2, 3));
      case 3 -> JSON.numberNode(random.nextDouble() * 1e300);
      case 4, 5 -> JSON.textNode(text(random));
      case 6 -> list(random, depth);
      default -> object(random, depth);
    };
  }

  private JsonNode list(RandomGenerator random, int depth) {
    var list = JSON.arrayNode();
    for (int n = random.nextInt(4); n > 0; n--) {
      list.add(tree(random, depth + 1));
    }
    return list;
  }

  private JsonNode object(RandomGenerator random, int depth) {
    var object = JSON.objectNode();
    for (int n = random.nextInt(5); n > 0; n--) {
      object.set(
          random.nextInt(12) == 0 ? text(random) : one(keys, random), tree(random, depth + 1));
    }
    return object;
  }

  private String text(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1 -> "\ud83d";
      case 2 -> "a\0b";
      case 3 -> "\u00e9\ud83d\ude00\u2028\u00a0";
      default -> one(words, random);
    };
  }

  private static String one(List<String> all, RandomGenerator random) {
    return all.get(random.nextInt(all.size()));
  }
}
