package io.fettle.workers.control;

/** The workflow types of this build; replay before an upgrade uses the same list. */
final class ControlWorkflows {
  static final Class<?>[] TYPES = {};

  private ControlWorkflows() {}
}
