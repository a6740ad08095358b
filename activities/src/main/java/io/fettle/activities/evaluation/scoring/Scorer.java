package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import java.io.IOException;
import java.util.List;

/** One way of marking. Equal answers get equal marks, but from a judge that is not at hand. */
interface Scorer {
  Marks mark(List<Answer> arm) throws IOException, InterruptedException;
}
