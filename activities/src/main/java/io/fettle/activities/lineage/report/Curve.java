package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The losses of every lease that led to the chosen checkpoint, whichever execution opened it, and
 * of this execution's leases.
 *
 * @param leases by number
 * @param chosenStep of the checkpoint that was chosen; 0 where none is known
 */
record Curve(List<Lease> leases, int chosenStep) {
  private static final Pattern CHECKPOINT =
      Pattern.compile("runs/([^/]+)/checkpoints/(\\d+)/(\\d+)\\.json");

  /** A loss in nats per supervised token after an optimizer step. */
  record Point(int step, double loss) {}

  /**
   * One lease's share.
   *
   * @param keptTo the last step that no later lease did again
   * @param ended how it ended, in a word; empty where nobody knows
   */
  record Lease(
      int number, int from, int to, int keptTo, String ended, List<Point> train, List<Point> dev) {}

  boolean isEmpty() {
    return leases.stream().allMatch(lease -> lease.train().isEmpty() && lease.dev().isEmpty());
  }

  int lastStep() {
    return leases.stream().mapToInt(Lease::to).max().orElse(0);
  }

  static Curve read(Documents documents, RunStory story) throws IOException {
    Optional<Matcher> chosen = documents.reference("manifest").flatMap(m -> place(documents, m));
    String run = chosen.map(place -> place.group(1)).orElse(story.run());
    TreeMap<Integer, Integer> from = new TreeMap<>();
    if (chosen.isPresent()) {
      follow(documents, run, Integer.parseInt(chosen.get().group(2)), from);
    }
    if (run.equals(story.run())) {
      story.leases().stream()
          .filter(lease -> !lease.ended().equals(LeaseStory.FOLDED))
          .forEach(lease -> from.put(lease.number(), lease.fromStep()));
    }
    List<Lease> leases = new ArrayList<>();
    for (int number : from.keySet()) {
      int redone =
          from.tailMap(number, false).values().stream()
              .mapToInt(Integer::intValue)
              .min()
              .orElse(Integer.MAX_VALUE);
      leases.add(lease(documents, story, run, number, from.getOrDefault(number, 0), redone));
    }
    return new Curve(leases, chosen.map(place -> Integer.parseInt(place.group(3))).orElse(0));
  }

  /** Back through what each lease loaded. */
  private static void follow(
      Documents documents, String run, int newest, TreeMap<Integer, Integer> from)
      throws IOException {
    int number = newest;
    while (number > 0 && !from.containsKey(number)) {
      Optional<JsonNode> record =
          documents.json("runs/%s/leases/".formatted(run), "%06d.json".formatted(number));
      Optional<Matcher> loaded =
          record
              .map(lease -> lease.path("resumeFrom").path("uri").asText(""))
              .filter(uri -> !uri.isEmpty())
              .flatMap(uri -> place(documents, new Reference(URI.create(uri), "")));
      from.put(number, loaded.map(place -> Integer.parseInt(place.group(3))).orElse(0));
      number = loaded.map(place -> Integer.parseInt(place.group(2))).orElse(0);
    }
  }

  private static Lease lease(
      Documents documents, RunStory story, String run, int number, int from, int redone)
      throws IOException {
    List<Point> train = new ArrayList<>();
    List<Point> dev = new ArrayList<>();
    String ended = "";
    int to = from;
    String key = "runs/%s/events/%06d.jsonl".formatted(run, number);
    for (JsonNode event : documents.lines(documents.find(key))) {
      int step = event.path("step").asInt(from);
      switch (event.path("event").asText()) {
        case "step" -> add(train, step, event.path("loss"));
        case "eval" -> add(dev, step, event.path("dev_loss"));
        case "finished" -> ended = "Finished";
        default -> {} // other events have no place in a curve
      }
      to = Math.max(to, step);
    }
    Optional<LeaseStory> told =
        story.leases().stream()
            .filter(lease -> run.equals(story.run()) && lease.number() == number)
            .findFirst();
    return new Lease(
        number,
        from,
        Math.max(to, told.map(LeaseStory::toStep).orElse(0)),
        redone,
        told.map(LeaseStory::ended).orElse(ended),
        train,
        dev);
  }

  /** A loss that is not finite comes as a word; it has no place on a page. */
  private static void add(List<Point> points, int step, JsonNode loss) {
    if (loss.isNumber()) {
      points.add(new Point(step, loss.asDouble()));
    }
  }

  private static Optional<Matcher> place(Documents documents, Reference manifest) {
    Matcher matcher = CHECKPOINT.matcher(documents.key(manifest));
    return matcher.matches() ? Optional.of(matcher) : Optional.empty();
  }
}
