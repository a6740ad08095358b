package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Trains of an end, on one thread: cut off and gone on with, they end bit-equal to one that was
 * left alone. Each lane is one kind of fine-tuning.
 */
final class ExactRows {
  private static final int STEPS = 400;
  private static final int EVERY = 20;
  private static final Duration END = Duration.ofMinutes(10);

  private final Rig rig;
  private final AtomicInteger unequal = new AtomicInteger();
  private final AtomicInteger trials = new AtomicInteger();
  private final AtomicInteger damaged = new AtomicInteger();
  private final AtomicInteger damagedUnequal = new AtomicInteger();
  private final AtomicInteger otherSeedUnequal = new AtomicInteger();

  ExactRows(Rig rig) {
    this.rig = rig;
  }

  /** What ends a lease. */
  private enum Cut {
    MID_STEP,
    MID_WRITE,
    /** The host dies, and the newest checkpoints in the store are damaged. */
    DAMAGED
  }

  void join(Lanes lanes, Effort effort) {
    if (effort.isQuick()) {
      lanes.add(() -> lane("lora", List.of(Cut.MID_STEP, Cut.DAMAGED)));
    } else {
      for (var tuning : rig.launches() ? List.of("lora") : List.of("lora", "qlora", "full")) {
        lanes.add(() -> lane(tuning, List.of(Cut.values())));
      }
    }
    lanes.add(
        () -> {
          var seven = end("exact-control-7", config("lora", 7));
          var eight = end("exact-control-8", config("lora", 8));
          otherSeedUnequal.set(seven.equals(eight) ? 0 : 1);
        });
  }

  private void lane(String tuning, List<Cut> cuts) throws Exception {
    var config = config(tuning, 7);
    var alone = end("exact-%s-alone".formatted(tuning), config);
    for (var cut : cuts) {
      var end = cutOff("exact-%s-%s".formatted(tuning, cut), config, cut);
      boolean differs = !end.equals(alone);
      (cut == Cut.DAMAGED ? damaged : trials).incrementAndGet();
      (cut == Cut.DAMAGED ? damagedUnequal : unequal).addAndGet(differs ? 1 : 0);
    }
  }

  private Reference config(String tuning, int seed) throws IOException {
    Consumer<ObjectNode> exact =
        config -> {
          config.put("tuning", tuning).put("seed", seed);
          if (tuning.equals("full")) {
            config.remove("lora");
          }
          config.withObject("/checkpoint").put("every_steps", EVERY).put("min_seconds", 0);
        };
    return rig.tiny().config(STEPS, exact);
  }

  /** The hash of what the train made. */
  private String end(String name, Reference config) throws Exception {
    var train = rig.start(name, rig.settings().lease(), config);
    return train.result(END).adapter().sha256();
  }

  private String cutOff(String name, Reference config, Cut cut) throws Exception {
    var train = rig.start(name, rig.settings().lease(), config);
    train.awaitPublished(3);
    var host = train.host();
    if (cut == Cut.MID_WRITE) {
      Waits.until(Duration.ofSeconds(30), () -> isWriting(host.folder().resolve("checkpoints")));
    }
    if (cut == Cut.DAMAGED) {
      host.kill();
      host.sayTerminated();
      new Damage(rig.store(), new Random(name.hashCode())).newest(train, 2);
    } else {
      host.trainer().orElseThrow().kill();
    }
    return train.result(END).adapter().sha256();
  }

  private static boolean isWriting(Path checkpoints) throws IOException {
    try (var drafts = Files.newDirectoryStream(checkpoints, ".draft-*")) {
      return drafts.iterator().hasNext();
    }
  }

  List<Row> rows() {
    var rows = new ArrayList<Row>();
    rows.add(
        Row.measured("resumed_unequal", unequal.get(), "", trials.get())
            .atMost(0)
            .control(otherSeedUnequal.get())
            .note("killed in mid-step and in mid-write, bit for bit; control: another seed"));
    rows.add(
        Row.measured("damaged_resumed_unequal", damagedUnequal.get(), "", damaged.get())
            .atMost(0)
            .control(otherSeedUnequal.get())
            .note("host lost and the newest two checkpoints damaged; control: another seed"));
    return rows;
  }
}
