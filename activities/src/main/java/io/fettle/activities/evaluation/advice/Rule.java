package io.fettle.activities.evaluation.advice;

import java.util.Optional;

/** One way to an advice; empty where the facts do not lead there. */
interface Rule {
  Optional<Decision> decide(Facts facts);
}
