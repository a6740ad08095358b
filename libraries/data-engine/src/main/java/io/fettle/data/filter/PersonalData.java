package io.fettle.data.filter;

import io.fettle.data.row.Message;
import io.fettle.data.row.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes out of texts what identifies people or their money: numbers with a check digit that passes
 * it (one in ten, or in a hundred, of others would, hence the shapes), and addresses. Reads each
 * character a bounded number of times, and what it writes it never finds again.
 */
public final class PersonalData {
  private PersonalData() {}

  /** What is found; {@code [CARD]} and so on stands in its place. */
  public enum Kind {
    /** An address of at most 64 characters at a domain with a top level of letters. */
    EMAIL(Addresses::email),
    /** International form: a plus sign and 8 to 15 digits (E.164). */
    PHONE(Addresses::phone),
    /** Four numbers with dots, but for networks that anybody has, and those kept for examples. */
    IPV4(Addresses::ipv4),
    /** The same of IPv6, with at least three groups written out. */
    IPV6(Addresses::ipv6),
    /** ISO 13616, modulo 97. */
    IBAN(Checked::iban),
    /** ISO/IEC 7812, Luhn. */
    CARD(Checked::card),
    /** Brazil's, as it is printed, two check digits. */
    CPF(Checked::cpf),
    /** Spain's DNI and NIE, a letter modulo 23. */
    DNI(Checked::dni);

    @SuppressWarnings("ImmutableEnumChecker") // all are method references
    private final Shape shape;

    Kind(Shape shape) {
      this.shape = shape;
    }

    private String stand() {
      return "[" + name() + "]";
    }
  }

  /** Where something ends that begins at a place, or -1. */
  interface Shape {
    int end(Around text, int start);
  }

  /**
   * A text without them.
   *
   * @param found how many of which kind were there, in the order of the kinds
   */
  public record Redacted(String text, Map<Kind, Integer> found) {
    public Redacted {
      found = ordered(found);
    }
  }

  /**
   * A row without them.
   *
   * @param found how many of which kind were there, in the order of the kinds
   */
  public record RedactedRow(Row row, Map<Kind, Integer> found) {
    public RedactedRow {
      found = ordered(found);
    }
  }

  private static Map<Kind, Integer> ordered(Map<Kind, Integer> found) {
    var ordered = new EnumMap<Kind, Integer>(Kind.class);
    ordered.putAll(found);
    return Collections.unmodifiableMap(ordered);
  }

  /** The text without anything of any kind. */
  public static Redacted redact(String text) {
    return redact(text, EnumSet.allOf(Kind.class));
  }

  /** The text without anything of these kinds. */
  public static Redacted redact(String text, Collection<Kind> kinds) {
    var found = new EnumMap<Kind, Integer>(Kind.class);
    return new Redacted(redact(text, kinds, found), found);
  }

  /** The row without anything of any kind. */
  public static RedactedRow redact(Row row) {
    return redact(row, EnumSet.allOf(Kind.class));
  }

  /**
   * The row without anything of these kinds: in every turn, in the arguments of calls and in a
   * rejected answer. Where it came from, its group, its batch and the tools that are declared stay.
   */
  public static RedactedRow redact(Row row, Collection<Kind> kinds) {
    var found = new EnumMap<Kind, Integer>(Kind.class);
    List<Message> messages = new ArrayList<>();
    for (Message message : row.messages()) {
      var calls = JsonTexts.changed(message.toolCalls(), text -> redact(text, kinds, found));
      var content = redact(message.content(), kinds, found);
      messages.add(new Message(message.role(), content, calls, message.toolCallId()));
    }
    var rejected = redact(row.rejected(), kinds, found);
    if (found.isEmpty()) {
      return new RedactedRow(row, found);
    }
    var redacted = new Row(row.source(), row.line(), messages, row.group(), rejected, row.tools());
    return new RedactedRow(redacted.in(row.batch()), found);
  }

  private static String redact(String text, Collection<Kind> kinds, Map<Kind, Integer> found) {
    var around = new Around(text);
    var left = new StringBuilder();
    int copied = 0;
    int at = 0;
    while (at < text.length()) {
      var kind = around.mayBegin(at) ? beginning(around, at, kinds) : Optional.<Kind>empty();
      if (kind.isEmpty()) {
        at++;
        continue;
      }
      found.merge(kind.get(), 1, Integer::sum);
      left.append(text, copied, at).append(kind.get().stand());
      at = kind.get().shape.end(around, at);
      copied = at;
      around.redactedUpTo(at);
    }
    return copied == 0 ? text : left.append(text, copied, text.length()).toString();
  }

  private static Optional<Kind> beginning(Around around, int at, Collection<Kind> kinds) {
    for (var kind : kinds) {
      if (kind.shape.end(around, at) >= 0) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
