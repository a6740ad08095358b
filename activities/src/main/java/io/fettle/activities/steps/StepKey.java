package io.fettle.activities.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Wire;

/**
 * What a step is known by: two steps with one key have one result.
 *
 * @param kind the step's word, such as {@code merge}; a folder of the store
 * @param hash the input hash, 64 hex digits
 */
public record StepKey(String kind, String hash) {
  public StepKey {
    if (!kind.matches("[a-z][a-z0-9-]*") || !hash.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "step "
              + kind
              + "/"
              + hash
              + ": a kind is lower-case words joined by -, a hash is"
              + " 64 hex digits");
    }
  }

  /**
   * The key of a step over its inputs. Order of fields does not count, and a field that is null
   * counts as one that is not there, so a record may gain an optional field without losing its past
   * results.
   *
   * @param canonicalInputs everything that decides the result, as a record or a map that JSON can
   *     hold; with {@code --fresh} also the execution's id
   * @param environmentHash the lock hash of the environment that does the work, or empty where Java
   *     does it
   */
  public static StepKey of(String kind, Object canonicalInputs, String environmentHash) {
    ObjectNode hashed = Wire.mapper().createObjectNode();
    hashed.put("environment", environmentHash);
    hashed.put("kind", kind);
    hashed.set("inputs", Wire.mapper().<JsonNode>valueToTree(canonicalInputs));
    return new StepKey(kind, Stores.sha256(CanonicalJson.bytes(hashed)));
  }

  String record() {
    return "steps/" + kind + "/" + hash + ".json";
  }

  /** Where the n-th claim on this step lies; a claim is taken over by creating the next one. */
  String claim(int generation) {
    return "steps/" + kind + "/" + hash + (generation == 1 ? "" : "." + generation) + ".claim";
  }

  String damaged(byte[] record) {
    return "steps/" + kind + "/" + hash + ".damaged-" + Stores.sha256(record).substring(0, 12);
  }

  @Override
  public String toString() {
    return kind + "/" + hash.substring(0, 12);
  }
}
