/**
 * Documents that passages come from: frozen by the client, cut and cleaned where they are searched.
 */
@NullMarked
package io.fettle.activities.evaluation.corpus;

import org.jspecify.annotations.NullMarked;
