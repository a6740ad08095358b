package io.fettle.cli.local;

/** Hears how far something long is. */
@FunctionalInterface
public interface Progress {

  /**
   * @param what a short noun for the user, the same in each call about one thing
   * @param done bytes so far
   * @param total bytes in all; 0 while unknown
   */
  void at(String what, long done, long total);

  static Progress silent() {
    return (_, _, _) -> {};
  }
}
