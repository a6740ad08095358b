package io.fettle.benchmarks.gate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.benchmarks.gate.PlannedAnswers.Planned;
import io.fettle.workflows.evaluation.Advice;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One team's data, and the model that it has.
 *
 * @param expected advice
 * @param corpus documents by file name; empty: none
 * @param spec overrides as {@code fettle run --set} takes them
 * @param betterPrompt to try
 * @param model how it answers
 */
record AdvisorCase(
    String name,
    Advice expected,
    List<Row> train,
    List<Row> dev,
    Map<String, String> corpus,
    List<String> spec,
    String betterPrompt,
    PlannedAnswers model) {
  /** Where rows and documents lie in a case's folder. */
  static final String DATASET = "dataset";

  static final String CORPUS = "corpus";

  AdvisorCase {
    train = List.copyOf(train);
    dev = List.copyOf(dev);
    spec = List.copyOf(spec);
  }

  /** A question with the answer that the data have, which a swapped label makes a wrong one. */
  record Row(Planned planned, String answer) {
    String id() {
      return "ticket-" + planned.number();
    }

    String json() {
      ObjectNode row = Wire.mapper().createObjectNode().put("id", id());
      ArrayNode messages = row.putArray("messages");
      messages.addObject().put("role", "user").put("content", planned.text());
      messages.addObject().put("role", "assistant").put("content", answer);
      return row.toString();
    }
  }

  /** Writes a dataset, which has no test rows, and the corpus as a folder. */
  void write(Path folder) throws IOException {
    Path dataset = Files.createDirectories(folder.resolve(DATASET));
    Files.createDirectories(folder.resolve(CORPUS));
    Files.write(dataset.resolve("train.jsonl"), train.stream().map(Row::json).toList());
    Files.write(dataset.resolve("dev.jsonl"), dev.stream().map(Row::json).toList());
    Files.write(dataset.resolve("test.jsonl"), List.<String>of());
    for (Map.Entry<String, String> document : corpus.entrySet()) {
      Files.writeString(folder.resolve(CORPUS).resolve(document.getKey()), document.getValue());
    }
  }
}
