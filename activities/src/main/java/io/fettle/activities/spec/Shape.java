package io.fettle.activities.spec;

import io.fettle.workflows.spec.Setting;
import java.util.List;
import java.util.Optional;

/** The schema: what may stand where. Read off the spec's records, see {@link Shapes}. */
sealed interface Shape {
  /** A record: closed, no other keys. */
  record Section(Class<? extends Record> type, List<Member> keys) implements Shape {
    List<String> names() {
      return keys.stream().map(Member::name).toList();
    }

    /** Whether a user has to write any of it. */
    boolean needsAnything() {
      return keys.stream()
          .anyMatch(
              k ->
                  k.isRequired()
                      || (!k.nullable() && k.shape() instanceof Section s && s.needsAnything()));
    }

    Optional<Member> key(String name) {
      return keys.stream().filter(k -> k.name().equals(name)).findFirst();
    }
  }

  /** A text. */
  record Text() implements Shape {}

  /** A number without a fraction. */
  record Whole() implements Shape {}

  /** A number. */
  record Real() implements Shape {}

  /** True or false. */
  record Flag() implements Shape {}

  /** A length of time. */
  record Span() implements Shape {}

  /** One word of a closed list. */
  record Choice(List<String> words) implements Shape {}

  /** A list; each item is of the shape. */
  record Many(Shape item) implements Shape {}

  /** A key of a section. */
  record Member(String name, Setting setting, Shape shape, boolean nullable) {
    boolean hasDefault() {
      return !setting.fallback().isEmpty();
    }

    boolean isRequired() {
      return !nullable && !hasDefault() && !(shape instanceof Section);
    }

    boolean hasLimits() {
      return setting.min() != Double.NEGATIVE_INFINITY || setting.max() != Double.POSITIVE_INFINITY;
    }
  }
}
