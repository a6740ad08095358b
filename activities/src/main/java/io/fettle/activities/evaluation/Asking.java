package io.fettle.activities.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.scoring.Scorers;
import io.fettle.activities.serving.ModelServer.Completion;
import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.activities.steps.Beat;
import io.fettle.workflows.evaluation.Criteria;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks a model every item that has no answer yet, so many at once as the criteria say. */
final class Asking {
  private final Model model;
  private final Prompts prompts;
  private final int concurrency;
  private final boolean keepsQuestions;

  /** What answers. Asked by several threads at once. */
  @FunctionalInterface
  interface Model {
    Completion answer(List<JsonNode> messages, List<JsonNode> tools)
        throws EngineFailure, InterruptedException;
  }

  Asking(Model model, Prompts prompts, Criteria criteria) {
    this.model = model;
    this.prompts = prompts;
    this.concurrency = criteria.concurrency();
    this.keepsQuestions = Scorers.readsQuestions(criteria);
  }

  void ask(List<Item> items, AnswerFile file, Beat beat)
      throws IOException, InterruptedException, EngineFailure {
    var answered = file.read();
    List<Item> open = items.stream().filter(item -> !answered.containsKey(item.id())).toList();
    AtomicInteger done = new AtomicInteger(answered.size());
    try (ExecutorService workers =
        Executors.newFixedThreadPool(concurrency, Thread.ofVirtual().factory())) {
      List<Future<?>> asked = new ArrayList<>();
      for (Item item : open) {
        asked.add(
            workers.submit(
                () -> {
                  file.append(answer(item));
                  beat.says("answer", done.incrementAndGet(), "items");
                  return item;
                }));
      }
      await(asked, workers);
    }
  }

  private AnswerLine answer(Item item) throws EngineFailure, IOException, InterruptedException {
    Prompts.Prompt prompt = prompts.of(item);
    Completion completion = model.answer(prompt.messages(), item.tools());
    return new AnswerLine(
        item.id(),
        completion.text(),
        item.reference(),
        completion.seconds(),
        completion.promptTokens(),
        completion.answerTokens(),
        keepsQuestions ? Optional.of(item.question().toString()) : Optional.empty(),
        prompt.retrieved());
  }

  private static void await(List<Future<?>> asked, ExecutorService workers)
      throws IOException, InterruptedException, EngineFailure {
    try {
      for (Future<?> answer : asked) {
        answer.get();
      }
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case EngineFailure engine -> throw engine;
        case IOException disk -> throw disk;
        case ApplicationFailure known -> throw known;
        case null, default -> throw new IllegalStateException("asking failed", failed.getCause());
      }
    } finally {
      workers.shutdownNow();
    }
  }
}
