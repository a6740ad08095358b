package io.fettle.data.prepare;

import io.fettle.data.quality.Scores;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Drops the rows of the pool that a grading objects to. */
final class QualityFilter implements Stage {
  private final Map<Integer, Reason> objections = new HashMap<>();

  QualityFilter(Pool pool, Function<Row, Optional<Reason>> objection) throws IOException {
    pool.forEachPlace(
        (place, row) -> objection.apply(row).ifPresent(reason -> objections.put(place, reason)));
  }

  @Override
  public String name() {
    return "quality";
  }

  @Override
  public Optional<Reason> objection(Entry row) {
    return Optional.ofNullable(objections.get(row.place()));
  }

  /** Rows of the pool that were kept so far, off the disk. */
  static final class Pool implements Scores.Rows {
    private final BitSet places = new BitSet();
    private final Spool spool;

    Pool(List<Entry> rows, Spool spool) {
      this.spool = spool;
      rows.stream().filter(row -> !row.inTestSet()).forEach(row -> places.set(row.place()));
    }

    @Override
    public void forEach(Scores.Reader reader) throws IOException, InterruptedException {
      forEachPlace((_, row) -> reader.row(row));
    }

    private <E extends Exception> void forEachPlace(Spool.Reader<E> reader) throws IOException, E {
      spool.forEach(
          (place, row) -> {
            if (places.get(place)) {
              reader.row(place, row);
            }
          });
    }
  }
}
