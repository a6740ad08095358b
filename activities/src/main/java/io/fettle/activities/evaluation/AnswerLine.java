package io.fettle.activities.evaluation;

/** One line of an answers file. */
record AnswerLine(
    String id,
    String answer,
    String reference,
    double seconds,
    int promptTokens,
    int answerTokens) {}
