package io.fettle.cli.command;

/**
 * One finding of {@code doctor}.
 *
 * @param fix what to do about it; empty where there is nothing to do
 */
record Prerequisite(String name, State state, String found, String fix) {
  enum State {
    OK,
    /** Fettle gets it by itself, or goes on with less. */
    NOTE,
    MISSING
  }

  static Prerequisite ok(String name, String found) {
    return new Prerequisite(name, State.OK, found, "");
  }

  static Prerequisite note(String name, String found, String fix) {
    return new Prerequisite(name, State.NOTE, found, fix);
  }

  static Prerequisite missing(String name, String found, String fix) {
    return new Prerequisite(name, State.MISSING, found, fix);
  }
}
