package io.fettle.data.tokens;

import io.fettle.data.row.Row;
import io.fettle.data.tokens.ChatTemplate.Counted;
import java.util.Arrays;
import java.util.Optional;

/**
 * Counts by the trainer's rule: an answer's tokens are those that begin in it, up to and with its
 * last added token, which ends the turn; all of them where there is none. For one thread.
 */
final class RowCounter implements ChatTemplate.Counter, Encoder.Visitor {
  private static final int NONE = -1;

  private final Encoder encoder;
  private final ChatTemplate template;
  private final RowText text;

  private int tokens;
  private int supervised;
  private boolean isCertain;
  private int nextEdge;
  private int begun;
  private int ended;
  private int lastAdded;

  RowCounter(Tokenizer tokenizer, ChatTemplate template) {
    this.encoder = tokenizer.encoder();
    this.template = template;
    this.text = new RowText(template);
  }

  @Override
  public Optional<Counted> count(Row row) {
    if (!text.take(row)) {
      return Optional.empty();
    }
    tokens = 0;
    supervised = 0;
    isCertain = true;
    nextEdge = 0;
    encoder.visit(text.bytes(), text.length(), this);
    pass(text.length(), text.edges());
    return isCertain
        ? Optional.of(new Counted(tokens, supervised, template.isStop(lastAdded)))
        : Optional.empty();
  }

  @Override
  public void added(int from, int to, int token) {
    pass(from, text.edges());
    isCertain &= text.edges()[nextEdge] >= to;
    tokens++;
    if (isInside()) {
      ended = tokens;
      lastAdded = token;
    }
  }

  @Override
  public void text(byte[] bytes, int from, int to) {
    pass(from, text.edges());
    var composed = encoder.composed(bytes, from, to);
    if (composed == null) {
      walk(bytes, from, to, text.edges());
    } else {
      walk(composed, 0, Encoder.unpadded(composed), moved(bytes, from, to, composed));
    }
  }

  /**
   * A token may begin before an edge and end behind it, if a piece does: then it is not certain.
   */
  private void walk(byte[] bytes, int from, int to, int[] edges) {
    for (int at = from; at < to && isCertain; ) {
      pass(at, edges);
      int end = encoder.end(bytes, at, to);
      isCertain = edges[nextEdge] >= end;
      tokens += encoder.count(bytes, at, end);
      at = end;
    }
  }

  /** The edges in a text that was composed: certain where each side is composed for itself. */
  private int[] moved(byte[] bytes, int from, int to, byte[] composed) {
    var edges = text.edges().clone();
    int begin = from;
    int at = 0;
    for (int i = nextEdge; edges[i] < to; i++) {
      at = matched(bytes, begin, edges[i], composed, at);
      begin = edges[i];
      edges[i] = at;
    }
    isCertain &= matched(bytes, begin, to, composed, at) == Encoder.unpadded(composed);
    return edges;
  }

  private int matched(byte[] bytes, int from, int to, byte[] composed, int at) {
    var own = encoder.composed(bytes, from, to);
    var part = own == null ? bytes : own;
    int begin = own == null ? from : 0;
    int end = own == null ? to : Encoder.unpadded(own);
    int until = Math.min(at + end - begin, Encoder.unpadded(composed));
    isCertain &= Arrays.equals(part, begin, end, composed, Math.min(at, until), until);
    return until;
  }

  private boolean isInside() {
    return nextEdge % 2 == 1;
  }

  /** What begins at {@code at} lies behind the edges up to there. */
  private void pass(int at, int[] edges) {
    for (; edges[nextEdge] <= at; nextEdge++) {
      if (isInside()) {
        close();
      } else {
        begun = tokens;
        ended = NONE;
        lastAdded = NONE;
      }
    }
  }

  private void close() {
    int answer = (ended == NONE ? tokens : ended) - begun;
    // nothing predicts the first token of a row
    isCertain &= answer > 0 && begun > 0;
    supervised += answer;
  }
}
