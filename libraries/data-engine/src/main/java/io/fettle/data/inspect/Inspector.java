package io.fettle.data.inspect;

import io.fettle.data.dedup.Fingerprint;
import io.fettle.data.read.Guess;
import io.fettle.data.read.RowReader;
import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.row.Tally;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Looks at rows as they pass. */
final class Inspector implements RowReader.Sink {
  /** Any will do, as long as the same file shows the same rows. */
  private static final long SEED = 17;

  private final int wanted;
  private final Random random = new Random(SEED);
  private final Tally tally = new Tally();
  private final Set<Fingerprint> seen = new HashSet<>();
  private final LengthTally prompts = new LengthTally();
  private final LengthTally answers = new LengthTally();
  private final Map<Role, Long> turns = new EnumMap<>(Role.class);
  private final List<Row> samples = new ArrayList<>();
  private long rows;
  private long duplicates;
  private long withTools;
  private long preferences;

  Inspector(int wanted) {
    this.wanted = wanted;
    tally.stage("read");
  }

  @Override
  public void row(Row row) {
    tally.stage("read").keep();
    rows++;
    duplicates += seen.add(Fingerprint.ofRow(row)) ? 0 : 1;
    prompts.add(row.prompt().length());
    answers.add(row.response().length());
    for (Message message : row.messages()) {
      turns.merge(message.role(), 1L, Long::sum);
    }
    withTools += row.tools().isEmpty() ? 0 : 1;
    preferences += row.rejected().isEmpty() ? 0 : 1;
    sample(row);
  }

  @Override
  public void bad(Reason reason, String rowId) {
    tally.stage("read").drop(reason, rowId);
  }

  Inspection inspection(String name, Guess guess, String stopped) {
    return new Inspection(
        name,
        guess.format(),
        guess.fields(),
        tally.counts().getFirst(),
        duplicates,
        prompts.lengths(),
        answers.lengths(),
        turns,
        withTools,
        preferences,
        stopped,
        samples);
  }

  /** Algorithm R (Vitter 1985): at the end every row was as likely as any other. */
  private void sample(Row row) {
    if (samples.size() < wanted) {
      samples.add(row);
      return;
    }
    long place = random.nextLong(rows);
    if (place < wanted) {
      samples.set((int) place, row);
    }
  }
}
