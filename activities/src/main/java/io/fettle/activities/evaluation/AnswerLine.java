package io.fettle.activities.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.activities.evaluation.scoring.Scorers;
import io.fettle.workflows.wire.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One line of an answers file.
 *
 * @param question the messages that were asked, as a JSON list; only where the metric reads them
 * @param seconds from the question to the answer's last byte
 * @param retrieved ids of what was found for the item and shown, the nearest first
 */
record AnswerLine(
    String id,
    String answer,
    String reference,
    double seconds,
    int promptTokens,
    int answerTokens,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> question,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> retrieved) {
  AnswerLine {
    question = Objects.requireNonNullElse(question, Optional.empty());
    retrieved = Copies.list(retrieved);
  }

  Scorers.Answer forScoring() {
    return new Scorers.Answer(id, question.orElse(""), reference, answer);
  }
}
