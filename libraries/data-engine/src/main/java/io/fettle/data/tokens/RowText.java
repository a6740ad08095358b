package io.fettle.data.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.tokens.ChatTemplate.Station;
import java.util.Arrays;
import java.util.List;

/**
 * A conversation as its template writes it, in UTF-8, and where its answers lie. For one thread.
 */
final class RowText {
  private final ChatTemplate template;
  private final AddedTokens aside;
  private byte[] bytes = new byte[1 << 12];
  private int length;
  private int[] edges = new int[16];
  private int edgeCount;

  RowText(ChatTemplate template) {
    this.template = template;
    this.aside = template.aside();
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /**
   * Where each answer begins and ends, in turn, in bytes; then numbers beyond the text's end. Not a
   * copy.
   */
  int[] edges() {
    return edges;
  }

  /** False if only the template itself can tell what it makes of the row. */
  boolean take(Row row) {
    length = 0;
    edgeCount = 0;
    var messages = row.messages();
    if (!row.tools().isEmpty() || messages.getLast().role() != Role.ASSISTANT) {
      return false;
    }
    var from = Station.START;
    for (int i = 0; i < messages.size(); i++) {
      var to = station(messages, i);
      if (!piece(from, to) || !say(messages.get(i), to)) {
        return false;
      }
      from = to;
    }
    boolean isWhole = piece(from, Station.END);
    edges[edgeCount] = Integer.MAX_VALUE;
    return isWhole;
  }

  private static Station station(List<Message> messages, int at) {
    return switch (messages.get(at).role()) {
      case SYSTEM -> Station.SYSTEM;
      case USER -> Station.USER;
      case ASSISTANT -> at == messages.size() - 1 ? Station.LAST : Station.ASSISTANT;
      case TOOL -> Station.END;
    };
  }

  private boolean piece(Station from, Station to) {
    var piece = template.between(from, to);
    if (piece == null) {
      return false;
    }
    add(piece.before());
    if (from == Station.ASSISTANT || from == Station.LAST) {
      edge();
    }
    if (to == Station.ASSISTANT || to == Station.LAST) {
      edge();
    }
    add(piece.after());
    return true;
  }

  private boolean say(Message message, Station at) {
    if (!message.toolCalls().isEmpty() || Trimming.isBlank(message.content())) {
      return false;
    }
    var said = message.content().getBytes(UTF_8);
    if (aside.find(said, 0, said.length) < said.length) {
      return false;
    }
    var trimmed = template.trimming(at).of(message.content());
    add(trimmed.length() == message.content().length() ? said : trimmed.getBytes(UTF_8));
    return true;
  }

  private void add(byte[] more) {
    int needed = Math.addExact(length, more.length + PretokenCache.PADDING);
    if (bytes.length < needed) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  private void edge() {
    if (edgeCount + 1 == edges.length) {
      edges = Arrays.copyOf(edges, 2 * edges.length);
    }
    edges[edgeCount++] = length;
  }
}
