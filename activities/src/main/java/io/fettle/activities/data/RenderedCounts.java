package io.fettle.activities.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.MappingIterator;
import io.fettle.data.prepare.TokenCounter.TokenCount;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What {@code fettle_trainer render} wrote, a row at a time. */
final class RenderedCounts implements AutoCloseable {
  private final MappingIterator<Rendered> rows;

  private record Rendered(
      String id,
      int tokens,
      @JsonProperty("supervised_tokens") int supervisedTokens,
      @JsonProperty("ends_with_eot") boolean endsWithEot,
      @Nullable String error) {}

  RenderedCounts(Path file) throws IOException {
    this.rows = Wire.mapper().readerFor(Rendered.class).readValues(file.toFile());
  }

  boolean hasNext() throws IOException {
    return rows.hasNextValue();
  }

  TokenCount next() throws IOException {
    var row = rows.nextValue();
    return new TokenCount(
        row.id(),
        row.tokens(),
        row.supervisedTokens(),
        row.endsWithEot(),
        row.error() == null ? "" : row.error());
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
