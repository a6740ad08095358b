package io.fettle.activities.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads a spec. Never throws on what is in it: the answer is a spec, or every problem at once.
 * Schema first (types, bounds, unknown keys, defaults), then the rules between keys, then binding.
 */
public final class SpecReader {
  private final SpecPolicy policy;

  public SpecReader(SpecPolicy policy) {
    this.policy = policy;
  }

  /**
   * Reads a file. Relative paths in it start at its folder.
   *
   * @param overrides {@code path=value}, as in {@code train.max_steps=20}; relative paths in them
   *     start at the working folder
   */
  public SpecReading read(Path file, List<String> overrides) {
    var problems = new Problems();
    var name = file.getFileName() == null ? file.toString() : file.getFileName().toString();
    var folder =
        Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
    return text(file, problems)
        .map(text -> read(name, text, folder, overrides))
        .orElseGet(() -> SpecReading.refused(name, problems.sorted()));
  }

  /** Reads a text, as if it stood in a file of that name in the folder. */
  public SpecReading read(String name, String text, Path folder, List<String> overrides) {
    var problems = new Problems();
    var tree = YamlTree.parse(text.startsWith("\uFEFF") ? text.substring(1) : text, problems);
    if (tree.isEmpty()) return SpecReading.refused(name, problems.sorted());
    Overrides.apply(tree.get(), overrides, problems);
    var checked = new Checker(problems, new Locations(folder, Path.of(""))).check(tree.get());
    new Rules(checked, policy, problems).check();
    new ArmRules(checked, problems).check();
    if (!problems.isEmpty()) return SpecReading.refused(name, problems.sorted());
    Derived.fill(checked.values());
    return new SpecReading(name, Optional.of(accept(checked.values())), List.of());
  }

  private static Optional<String> text(Path file, Problems problems) {
    try {
      if (Files.isDirectory(file)) {
        problems.add("", 1, "is a folder; name the spec in it");
        return Optional.empty();
      }
      if (Files.size(file) > YamlTree.LONGEST_TEXT) {
        problems.add("", 1, "is longer than 1 MiB; a spec names its data, it does not hold it");
        return Optional.empty();
      }
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString());
    } catch (NoSuchFileException e) {
      problems.add(
          "", 1, "is not there: " + file.toAbsolutePath() + "; `fettle init` writes a spec");
    } catch (CharacterCodingException e) {
      problems.add("", 1, "is not UTF-8; save it as UTF-8");
    } catch (IOException e) {
      problems.add("", 1, "cannot be read: " + e);
    }
    return Optional.empty();
  }

  private static SpecReading.Accepted accept(ObjectNode values) {
    try {
      var spec = Wire.mapper().treeToValue(values, Spec.class);
      var canonical = Wire.mapper().writeValueAsString(sorted(Wire.mapper().valueToTree(spec)));
      return new SpecReading.Accepted(spec, canonical, sha256(canonical));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the schema let through what the records refuse: " + e.getOriginalMessage(), e);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    if (!(node instanceof ObjectNode object)) return node;
    var sorted = object.objectNode();
    object
        .propertyStream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(e -> sorted.set(e.getKey(), sorted(e.getValue())));
    return sorted;
  }

  private static String sha256(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
