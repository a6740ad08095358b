package io.fettle.workflows.data;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;

/**
 * A versioned dataset of three parts: {@code train.jsonl}, {@code dev.jsonl}, {@code test.jsonl},
 * {@code manifest.json} and {@code report.json}.
 *
 * @param tree tree manifest of the dataset
 * @param hash the dataset hash, which is that of {@code manifest.json} too: SHA-256 over the parts'
 *     hashes
 * @param read rows read, bad ones included
 * @param train rows of the train part
 * @param dev rows of the dev part
 * @param test rows of the test part
 * @param longestTokens the longest kept row in tokens
 * @param drops why rows were dropped, every reason counted
 * @param reused whether the record was there already
 */
public record Dataset(
    Reference tree,
    String hash,
    int read,
    int train,
    int dev,
    int test,
    int longestTokens,
    List<Drop> drops,
    boolean reused) {
  public Dataset {
    drops = Copies.list(drops);
  }

  /** Rows dropped for one reason. The report has their numbers. */
  public record Drop(String reason, int rows) {}
}
