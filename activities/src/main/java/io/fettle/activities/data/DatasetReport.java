package io.fettle.activities.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.data.prepare.PrepareReport;
import java.util.List;

/**
 * {@code report.json} of a dataset. It lies in the store and nowhere else: the examples hold text.
 *
 * @param format of this file
 * @param rows what became of the rows
 * @param tokens what counted them
 * @param folders that stood for the files in them
 */
record DatasetReport(int format, PrepareReport rows, Tokens tokens, List<RowList.Folder> folders) {
  static final int FORMAT = 1;

  DatasetReport {
    folders = List.copyOf(folders);
  }

  /**
   * How the model sees the rows.
   *
   * @param templateSha256 of the chat template
   * @param tokenizerSha256 of the tokenizer's file
   * @param counted which rows were counted how
   * @param examples the first rows as rendered, what carries the loss marked
   */
  record Tokens(
      String templateSha256, String tokenizerSha256, String counted, List<JsonNode> examples) {
    Tokens {
      examples = List.copyOf(examples);
    }

    static Tokens none() {
      return new Tokens("", "", "", List.of());
    }
  }
}
