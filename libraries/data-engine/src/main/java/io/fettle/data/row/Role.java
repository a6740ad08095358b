package io.fettle.data.row;

import java.util.Locale;
import java.util.Optional;

/** Who speaks in a turn. */
public enum Role {
  SYSTEM,
  USER,
  ASSISTANT,
  TOOL;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The role as chat formats spell it. */
  public String word() {
    return word;
  }

  /** The role of exactly that spelling. */
  public static Optional<Role> of(String word) {
    for (Role role : values()) {
      if (role.word.equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
