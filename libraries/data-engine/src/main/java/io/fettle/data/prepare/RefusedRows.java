package io.fettle.data.prepare;

import java.io.IOException;

/**
 * Rows that can be read and that nothing should be learned from before somebody has looked at them.
 * The message holds counts, file names and line numbers, never a row's text.
 */
public final class RefusedRows extends IOException {
  RefusedRows(String message) {
    super(message);
  }
}
