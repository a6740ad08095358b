package io.fettle.data.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.data.row.Row;
import io.fettle.data.tokens.Trimming.End;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A chat template that only puts constant texts around what is said, as the trainer's program
 * describes it. Immutable.
 */
public final class ChatTemplate {
  private final Map<Station, Map<Station, Piece>> between = new EnumMap<>(Station.class);
  private final Map<Station, Trimming> trimmings = new EnumMap<>(Station.class);
  private final Set<Integer> stops = new HashSet<>();
  private final Map<String, Integer> aside = new LinkedHashMap<>();

  private ChatTemplate() {}

  /** Between two of these lies a text that depends on nothing else. */
  enum Station {
    START,
    SYSTEM,
    USER,
    ASSISTANT,

    /** The answer that ends the conversation. */
    LAST,
    END;

    private static Station of(String name) throws IOException {
      for (var station : values()) {
        if (station.name().equalsIgnoreCase(name)) {
          return station;
        }
      }
      throw new IOException("the template's description names a place " + name);
    }
  }

  /** The text between two turns in UTF-8: the first part belongs to the turn before it. */
  static final class Piece {
    private final byte[] before;
    private final byte[] after;

    private Piece(JsonNode told) {
      this.before = told.path("before").asText().getBytes(UTF_8);
      this.after = told.path("after").asText().getBytes(UTF_8);
    }

    byte[] before() {
      return before;
    }

    byte[] after() {
      return after;
    }
  }

  /**
   * One row under the template.
   *
   * @param tokens of the whole conversation
   * @param supervisedTokens of the answers, which carry the loss
   * @param endsWithEndOfTurn whether the last supervised token is one at which a server stops
   */
  public record Counted(int tokens, int supervisedTokens, boolean endsWithEndOfTurn) {}

  /** Counts rows, for one thread. */
  @FunctionalInterface
  public interface Counter {
    /** Empty for a row of which it is not certain: the template itself must render it. */
    Optional<Counted> count(Row row);
  }

  /**
   * Reads what the program {@code fettle_trainer template} says.
   *
   * @return empty if the template is not of this kind: then only itself can render
   * @throws IOException a sentence, if it is no such description
   */
  public static Optional<ChatTemplate> of(JsonNode told) throws IOException {
    var pieces = told.path("pieces");
    if (!pieces.isObject()) {
      return Optional.empty();
    }
    var template = new ChatTemplate();
    for (var piece : pieces.path("between")) {
      template
          .between
          .computeIfAbsent(
              Station.of(piece.path("from").asText()), _ -> new EnumMap<>(Station.class))
          .put(Station.of(piece.path("to").asText()), new Piece(piece));
    }
    for (var each : pieces.path("trimmings").properties()) {
      var station = Station.of(each.getKey());
      template.trimmings.put(
          station,
          new Trimming(
              End.of(each.getValue().path("left")), End.of(each.getValue().path("right"))));
    }
    told.path("stops").forEach(stop -> template.stops.add(stop.asInt()));
    Stream.of(told.path("controls"), pieces.path("aside"))
        .forEach(all -> all.forEach(text -> template.aside.put(text.asText(), 0)));
    return Optional.of(template);
  }

  /**
   * A new counter. It is not certain of a row with tools, with a turn that is blank or holds a
   * control token or what the template looks for, and with a token that might lie across the edge
   * of an answer.
   */
  public Counter counter(Tokenizer tokenizer) {
    return new RowCounter(tokenizer, this);
  }

  @Nullable Piece between(Station from, Station to) {
    var pieces = between.get(from);
    return pieces == null ? null : pieces.get(to);
  }

  Trimming trimming(Station station) {
    return trimmings.getOrDefault(station, Trimming.NONE);
  }

  boolean isStop(int token) {
    return stops.contains(token);
  }

  /** What makes a row the template's own affair where somebody says it. */
  AddedTokens aside() {
    return new AddedTokens(aside);
  }
}
