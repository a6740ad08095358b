package io.fettle.activities.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.activities.evaluation.scoring.Scorers;
import java.util.Optional;

/**
 * One line of an answers file.
 *
 * @param question the messages that were asked, as a JSON list; only where the metric reads them
 */
record AnswerLine(
    String id,
    String answer,
    String reference,
    double seconds,
    int promptTokens,
    int answerTokens,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> question) {

  Scorers.Answer forScoring() {
    return new Scorers.Answer(id, question.orElse(""), reference, answer);
  }
}
