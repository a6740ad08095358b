package io.fettle.activities.capacity.gcp;

import com.google.api.services.compute.model.Instance;
import com.google.api.services.compute.model.Metadata;
import io.fettle.activities.capacity.Capacity.Intent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a machine carries, and its name. Labels can be asked for and metadata cannot, but labels
 * take few characters and a machine cannot read its own: so each mark is in both, in metadata word
 * for word.
 */
final class Marks {
  static final String OWNER = "fettle-owner";
  static final String POOL = "fettle-pool";
  static final String RUN = "fettle-run";
  static final String ACQUISITION = "fettle-acquisition";
  private static final String SHAPE = "fettle-shape";

  /**
   * How long after its last renewal a host ends itself, as {@code PT15M}. No time of day: a repeat
   * of the call asks for the same.
   */
  private static final String EXPIRY = "fettle-expiry";

  /** How long it may take to save before that, as {@code PT3M30S}. */
  private static final String GRACE = "fettle-grace";

  /** Compute Engine reference, "Labeling resources": the values that all take. */
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_-]{1,63}");

  /** Terraform's number after a name. */
  private static final Pattern NUMBER = Pattern.compile("-[0-9]{8}[0-9a-f]*$");

  private static final Pattern NOT_OF_A_NAME = Pattern.compile("^[^a-z]+|[^a-z0-9-]");
  private static final int HASHED = 24;
  private static final int PREFIX = 38;

  private final GceOptions options;

  Marks(GceOptions options) {
    this.options = options;
  }

  /**
   * The only machine that a token may have in a zone: a second insert is refused. It begins with
   * the template's name, so that a role can be held to it.
   */
  String name(String token) {
    var template = options.template().substring(options.template().lastIndexOf('/') + 1);
    var plain = NUMBER.matcher(template).replaceFirst("");
    var prefix = NOT_OF_A_NAME.matcher(plain).replaceAll("");
    return "%s-%s"
        .formatted(
            prefix.isEmpty() ? "fettle" : prefix.substring(0, Math.min(PREFIX, prefix.length())),
            hash(options.owner() + "\n" + options.pool() + "\n" + token));
  }

  /** Of the insert of a token's machine: Compute Engine answers a repeat with the first answer. */
  UUID request(String token) {
    return UUID.nameUUIDFromBytes(name(token).getBytes(StandardCharsets.UTF_8));
  }

  /** In metadata. */
  Map<String, String> words(Intent intent) {
    var words = new LinkedHashMap<String, String>();
    words.put(OWNER, options.owner());
    words.put(POOL, options.pool());
    words.put(RUN, intent.by().run());
    words.put(ACQUISITION, intent.token());
    words.put(SHAPE, intent.offer().shape());
    words.put(EXPIRY, intent.terms().lease().toString());
    words.put(GRACE, intent.saving().toString());
    return words;
  }

  Map<String, String> labels(Intent intent) {
    var labels = new LinkedHashMap<String, String>();
    words(intent).forEach((key, word) -> labels.put(key, label(word)));
    labels.put(EXPIRY, intent.terms().lease().toSeconds() + "s");
    labels.put(GRACE, intent.saving().toSeconds() + "s");
    return labels;
  }

  /** The word where it may stand, else a hash of it. */
  static String label(String word) {
    return LABEL.matcher(word).matches() ? word : "hash-" + hash(word);
  }

  /** Of this pool's machines; those of a token where it is not empty. */
  String filter(String token) {
    var ours = "(%s) (%s)".formatted(equal(OWNER, options.owner()), equal(POOL, options.pool()));
    return token.isEmpty() ? ours : "%s (%s)".formatted(ours, equal(ACQUISITION, token));
  }

  private static String equal(String key, String word) {
    return "labels.%s = \"%s\"".formatted(key, label(word));
  }

  boolean areOn(Instance instance) {
    return carries(instance, OWNER, options.owner()) && carries(instance, POOL, options.pool());
  }

  boolean areOn(Instance instance, String token) {
    return areOn(instance) && carries(instance, ACQUISITION, token);
  }

  private static boolean carries(Instance instance, String key, String word) {
    var labels = Objects.requireNonNullElse(instance.getLabels(), Map.<String, String>of());
    return label(word).equals(labels.get(key));
  }

  /** A mark word for word; its label where there is no metadata; empty where there is neither. */
  static String word(Instance instance, String key) {
    var metadata = instance.getMetadata();
    var items = metadata == null ? null : metadata.getItems();
    return Objects.requireNonNullElse(items, List.<Metadata.Items>of()).stream()
        .filter(item -> key.equals(item.getKey()) && item.getValue() != null)
        .map(Metadata.Items::getValue)
        .findFirst()
        .orElseGet(
            () ->
                Objects.requireNonNullElse(instance.getLabels(), Map.<String, String>of())
                    .getOrDefault(key, ""));
  }

  private static String hash(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASHED);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
