package io.fettle.activities.training;

import io.fettle.activities.programs.Program;
import io.fettle.workflows.training.HostControlActivities;
import io.fettle.workflows.training.ProbeAnswer;
import io.fettle.workflows.training.ProbeAnswer.State;
import io.fettle.workflows.training.ProbeRequest;
import io.fettle.workflows.training.StopRequest;
import java.io.IOException;

/** Answers from what lies on disk and runs here, whoever started it. */
final class ControlActivity implements HostControlActivities {
  private final TrainingHost host;

  ControlActivity(TrainingHost host) {
    this.host = host;
  }

  @Override
  public ProbeAnswer probe(ProbeRequest request) {
    var folder = host.folder(request.run(), request.lease());
    try {
      if (folder.assignment().isEmpty()) {
        return new ProbeAnswer(State.GONE, "this host has never heard of lease " + request.lease());
      }
      if (folder.outcome().isPresent()) {
        return new ProbeAnswer(State.EXITED, "it ended: " + folder.outcome().get().exit().reason());
      }
      var program = Program.adopt(folder.path());
      if (program.isEmpty()) {
        return new ProbeAnswer(State.RUNNING, "its inputs are being staged");
      }
      return answer(request, program.get());
    } catch (IOException e) {
      return new ProbeAnswer(State.UNKNOWN, String.valueOf(e.getMessage()));
    }
  }

  private ProbeAnswer answer(ProbeRequest request, Program program) throws IOException {
    var exit = program.exit();
    if (exit.isEmpty()) {
      var seen = host.supervision(request.run(), request.lease());
      return new ProbeAnswer(
          State.RUNNING,
          "trainer %d, %s"
              .formatted(
                  program.pid(),
                  seen.map(s -> s.phase() + " at step " + s.step()).orElse("not yet adopted")));
    }
    return exit.get() instanceof Program.Exit.Vanished(var reason)
        ? new ProbeAnswer(State.GONE, "the trainer is gone: " + reason)
        : new ProbeAnswer(State.EXITED, "the trainer has exited");
  }

  @Override
  public void stop(StopRequest request) {
    host.supervision(request.run(), request.lease())
        .ifPresent(
            supervision ->
                supervision.stop(
                    Stop.Cause.ASKED,
                    "stopped on request: " + request.reason(),
                    host.options().stopGrace()));
  }
}
