package io.fettle.activities.evaluation.advice;

import io.fettle.workflows.evaluation.Advice;

/** What a rule found. */
record Decision(Advice advice, String why, String next) {}
