package io.fettle.data.prepare;

import io.fettle.data.dedup.NearDuplicates.Kept;
import io.fettle.data.row.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Drops a row of the pool that is nearly the same as an earlier one that stays. Rows that ask the
 * same and answer differently all stay.
 */
final class NearDuplicateFilter implements Stage {
  private final Kept kept;

  NearDuplicateFilter(Kept kept) {
    this.kept = kept;
  }

  @Override
  public String name() {
    return "near_duplicates";
  }

  @Override
  public Optional<Reason> objection(Entry row) {
    return kept.stays(row.place()) ? Optional.empty() : Optional.of(Reason.NEAR_DUPLICATE);
  }

  /**
   * Stops where a source would lose so much that something else was taken for duplicates: texts
   * from one mould, or an instruction that was not seen to be one.
   *
   * @param ids the id of the row at a place
   */
  void refuseLosses(IntFunction<String> ids) throws RefusedRows {
    List<Kept.Loss> losses = kept.losses().stream().filter(Kept.Loss::isTooMuch).toList();
    if (!losses.isEmpty()) {
      throw new RefusedRows(
          losses.stream().map(loss -> sentence(loss, ids)).collect(Collectors.joining("; "))
              + "; more than a third of a source is not lost silently: set data.deduplicate to exact"
              + " to keep these rows, or drop them from the file");
    }
  }

  private static String sentence(Kept.Loss loss, IntFunction<String> ids) {
    String largest =
        loss.largest().stream()
            .map(each -> "%d for %s".formatted(each.dropped(), ids.apply(each.kept())))
            .collect(Collectors.joining(", "));
    return "%s would lose %d of %d rows as near-duplicates (most of them %s)"
        .formatted(loss.source(), loss.dropped(), loss.rows(), largest);
  }
}
