package io.fettle.data.tokens;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fettle.data.tokens.Tokenizer.Unsupported;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Reads {@code tokenizer.json} of Hugging Face, and refuses what would be counted otherwise. */
final class TokenizerJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CL100K =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final Map<String, Integer> PATTERNS =
      Map.of(CL100K.formatted(""), 1, CL100K.formatted("{1,3}"), 3);

  private final Path file;

  TokenizerJson(Path file) {
    this.file = file;
  }

  Tokenizer read() throws IOException {
    var all = tree();
    var model = all.path("model");
    if (!model.path("vocab").isObject() || !model.path("merges").isArray()) {
      throw unsupported("has no vocabulary with merges");
    }
    refuseOtherModels(model);
    refuseTrimming(all.path("post_processor"));
    boolean composed = isComposed(all.path("normalizer"));
    var vocabulary = vocabulary(model.path("vocab"));
    return new Tokenizer(
        new Tokenizer.Parts(
            pretokens(all.path("pre_tokenizer")),
            merges(model, vocabulary),
            model.path("ignore_merges").asBoolean() ? bytes(vocabulary) : Map.of(),
            new AddedTokens(added(all.path("added_tokens"), composed)),
            composed));
  }

  private JsonNode tree() throws IOException {
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw broken(e.getOriginalMessage(), e);
    } catch (CharConversionException e) { // what begins like UTF-32
      throw broken(String.valueOf(e.getMessage()), e);
    }
  }

  private IOException broken(String why, IOException e) {
    return new IOException("%s is no JSON: %s; fetch the model again".formatted(file, why), e);
  }

  private Unsupported unsupported(String what) {
    return new Unsupported(file, what);
  }

  private void refuseOtherModels(JsonNode model) throws Unsupported {
    if (!model.path("type").asText("BPE").equals("BPE")) {
      throw unsupported("is of the kind " + model.path("type").asText());
    }
    if (model.path("byte_fallback").asBoolean()) {
      throw unsupported("falls back to bytes");
    }
    if (!model.path("continuing_subword_prefix").asText("").isEmpty()
        || !model.path("end_of_word_suffix").asText("").isEmpty()) {
      throw unsupported("marks the parts of a word");
    }
    if (model.path("dropout").asDouble(0) > 0) {
      throw unsupported("drops merges at random");
    }
  }

  /** It takes spaces from where tokens begin and end, by which the trainer finds an answer's. */
  private void refuseTrimming(JsonNode processor) throws Unsupported {
    if (processor.path("type").asText().equals("ByteLevel")
        && processor.path("trim_offsets").asBoolean(true)) {
      throw unsupported("trims the places of its tokens");
    }
    for (var each : processor.path("processors")) {
      refuseTrimming(each);
    }
  }

  private boolean isComposed(JsonNode normalizer) throws Unsupported {
    return switch (normalizer.path("type").asText("")) {
      case "" -> false;
      case "NFC" -> true;
      default -> throw unsupported("normalizes by " + normalizer.path("type").asText());
    };
  }

  // --- How a text is cut

  private Pretokens pretokens(JsonNode cutter) throws Unsupported {
    var steps = new ArrayList<JsonNode>();
    if (cutter.path("type").asText().equals("Sequence")) {
      cutter.path("pretokenizers").forEach(steps::add);
    } else {
      steps.add(cutter);
    }
    var last = steps.isEmpty() ? cutter : steps.removeLast();
    if (!last.path("type").asText().equals("ByteLevel")
        || last.path("add_prefix_space").asBoolean()) {
      throw unsupported("does not cut its texts into bytes");
    }
    boolean isGpt2 = last.path("use_regex").asBoolean(true);
    if (isGpt2 && steps.isEmpty()) {
      return new Gpt2Pretokens(false);
    }
    if (isGpt2 && steps.size() == 1 && isEachDigit(steps.getFirst())) {
      return new Gpt2Pretokens(true);
    }
    if (!isGpt2 && steps.size() == 1) {
      return new Cl100kPretokens(digits(steps.getFirst()));
    }
    throw unsupported("cuts its texts in another way");
  }

  private static boolean isEachDigit(JsonNode step) {
    return step.path("type").asText().equals("Digits")
        && step.path("individual_digits").asBoolean();
  }

  private int digits(JsonNode step) throws Unsupported {
    var digits = PATTERNS.get(step.path("pattern").path("Regex").asText());
    if (!step.path("type").asText().equals("Split")
        || !step.path("behavior").asText().equals("Isolated")
        || step.path("invert").asBoolean()
        || digits == null) {
      throw unsupported("cuts its texts by another pattern");
    }
    return digits;
  }

  // --- Tokens

  private Map<String, Integer> vocabulary(JsonNode listed) throws IOException {
    var vocabulary = new HashMap<String, Integer>(2 * listed.size());
    for (var each : listed.properties()) {
      vocabulary.put(each.getKey(), id(each.getValue(), each.getKey()));
    }
    return vocabulary;
  }

  private int id(JsonNode number, String token) throws IOException {
    if (!number.isInt() || number.intValue() < 0) {
      throw new IOException("%s: the token %s has no number".formatted(file, token));
    }
    return number.intValue();
  }

  private Merges merges(JsonNode model, Map<String, Integer> vocabulary) throws IOException {
    var listed = model.path("merges");
    var merges = new Merges(listed.size(), ofByte(model, vocabulary));
    int rank = 0;
    for (var each : listed) {
      var pair = pair(each, rank);
      var left = vocabulary.get(pair.get(0));
      var right = vocabulary.get(pair.get(1));
      var merged = vocabulary.get(pair.get(0) + pair.get(1));
      if (left == null || right == null || merged == null) {
        throw new IOException("%s: merge %d is of no tokens".formatted(file, rank));
      }
      merges.put(left, right, rank++, merged);
    }
    return merges;
  }

  /** Newer files have two strings, older ones a space between them. */
  private List<String> pair(JsonNode each, int rank) throws IOException {
    var pair =
        each.isArray()
            ? StreamSupport.stream(each.spliterator(), false).map(JsonNode::asText).toList()
            : List.of(each.asText().split(" ", -1));
    if (pair.size() != 2) {
      throw new IOException("%s: merge %d is not of two".formatted(file, rank));
    }
    return pair;
  }

  private int[] ofByte(JsonNode model, Map<String, Integer> vocabulary) throws Unsupported {
    var ofByte = new int[256];
    for (int value = 0; value < ofByte.length; value++) {
      var token = vocabulary.get(String.valueOf(ByteLetters.of(value)));
      if (token == null && !model.path("unk_token").isNull() && model.has("unk_token")) {
        throw unsupported("has no token for the byte " + value);
      }
      ofByte[value] = token == null ? -1 : token;
    }
    return ofByte;
  }

  /** Of tokens that are bytes, by those as Latin-1. */
  private static Map<String, Integer> bytes(Map<String, Integer> vocabulary) {
    var byBytes = new HashMap<String, Integer>(2 * vocabulary.size());
    vocabulary.forEach(
        (letters, token) ->
            ByteLetters.bytes(letters)
                .ifPresent(bytes -> byBytes.put(new String(bytes, ISO_8859_1), token)));
    return byBytes;
  }

  private Map<String, Integer> added(JsonNode listed, boolean composed) throws IOException {
    var added = new HashMap<String, Integer>();
    for (var each : listed) {
      var content = each.path("content").asText();
      if (each.path("lstrip").asBoolean()
          || each.path("rstrip").asBoolean()
          || each.path("single_word").asBoolean()
          || (composed && each.path("normalized").asBoolean())) {
        throw unsupported("finds %s with what stands beside it".formatted(content));
      }
      added.put(content, id(each.path("id"), content));
    }
    return added;
  }
}
