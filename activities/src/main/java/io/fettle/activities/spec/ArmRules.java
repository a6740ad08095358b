package io.fettle.activities.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.workflows.spec.EvaluateSpec.Rag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/** What no single key can say of the arms of evaluation. */
final class ArmRules {
  private static final List<String> DOCUMENTS = List.of(".txt", ".md", ".jsonl");

  private final Checked spec;
  private final Problems problems;

  ArmRules(Checked spec, Problems problems) {
    this.spec = spec;
    this.problems = problems;
  }

  void check() {
    examples();
    corpus();
    names();
    incumbent();
    if (spec.is("evaluate.classical", "true") && !spec.is("evaluate.task", "classification")) {
      refuse(
          "evaluate.classical",
          "is true, but evaluate.task is "
              + spec.word("evaluate.task")
              + "; a linear model chooses among labels, so it needs task: classification");
    }
  }

  private void examples() {
    var ways = spec.at("evaluate.few_shot.choose").map(JsonNode::size).orElse(0);
    if (ways > 1
        && spec.at("evaluate.few_shot.choose").map(c -> c.get(0).equals(c.get(1))).orElse(false))
      refuse("evaluate.few_shot.choose", "has a way twice; keep one");
    boolean none = spec.at("evaluate.few_shot.k").map(JsonNode::isEmpty).orElse(false);
    if (ways > 0 && none)
      refuse(
          "evaluate.few_shot.choose",
          "is given, but evaluate.few_shot.k is empty, so there is no such arm; name a number, or leave it out");
  }

  private void corpus() {
    var corpus = spec.word("evaluate.rag.corpus");
    if (corpus.isEmpty() || corpus.equals(Rag.TRAIN) || RemoteFile.isRemote(corpus)) return;
    boolean isKnown = DOCUMENTS.stream().anyMatch(corpus::endsWith);
    if (Files.isRegularFile(Path.of(corpus)) && !isKnown)
      refuse(
          "evaluate.rag.corpus",
          "is "
              + Problems.echo(corpus)
              + ", which holds no documents; take a .txt, .md or .jsonl file, a folder of them, or train");
  }

  private void incumbent() {
    String place = "evaluate.incumbent";
    if (!spec.wasWritten(place)) return;
    boolean atAddress = spec.at(place + ".url").isPresent();
    boolean atEndpoint = spec.wasWritten(place + ".endpoint");
    if (!atAddress && !atEndpoint)
      refuse(
          place,
          "names nothing that answers; write endpoint: auto for what this spec's endpoint serves, or a url with its model");
    if (atAddress && spec.at(place + ".model").isEmpty())
      refuse(place + ".model", "is missing, with a url; name the model at that server");
    for (var key : List.of("model", "key"))
      if (atEndpoint && !atAddress && spec.at(place + "." + key).isPresent())
        refuse(
            place + "." + key,
            "is given, but an endpoint of Fettle's knows its own; leave it out, or name a url");
  }

  private void names() {
    var seen = new HashSet<String>();
    for (var name :
        spec.at("evaluate.others").map(o -> o.findValuesAsText("name")).orElse(List.of())) {
      if (!seen.add(name))
        refuse("evaluate.others", "has " + Problems.echo(name) + " twice; give each its own name");
    }
  }

  private void refuse(String path, String text) {
    problems.add(path, spec.line(path), text);
  }
}
