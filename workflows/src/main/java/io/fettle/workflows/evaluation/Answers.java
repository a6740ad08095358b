package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Reference;

/**
 * One arm's answers.
 *
 * @param file JSON lines {@code
 *     {"id","answer","reference","seconds","promptTokens","answerTokens"}} in item order
 * @param criteriaSha256 of the criteria that they were made under
 * @param engine which engine answered, with its version
 * @param items answered
 * @param seconds wall clock
 * @param reused whether the record was there already
 */
public record Answers(
    Arm arm,
    Part part,
    int shots,
    Reference file,
    String criteriaSha256,
    String engine,
    int items,
    double seconds,
    boolean reused) {}
