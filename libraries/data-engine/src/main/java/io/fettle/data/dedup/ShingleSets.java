package io.fettle.data.dedup;

/** Sets of shingles by their rows' numbers, each sorted and without repeats. */
interface ShingleSets {
  int count();

  long[] of(int row);

  /**
   * The Jaccard similarity of two sets, or a negative number where it is below so many percent:
   * then the comparison ends as soon as that is sure.
   */
  static double similarity(long[] a, long[] b, int percent) {
    // Similar sets share at least p / (100 + p) of their elements, so at most so many are not.
    long most = a.length + (long) b.length - 2 * leastShared(a.length, b.length, percent);
    int shared = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      long left = a[i];
      long right = b[j];
      shared += left == right ? 1 : 0;
      i += left <= right ? 1 : 0;
      j += left >= right ? 1 : 0;
      if (i + (long) j - 2L * shared > most) {
        return -1;
      }
    }
    long union = a.length + (long) b.length - shared;
    return union > 0 && 100L * shared >= percent * union ? (double) shared / union : -1;
  }

  private static long leastShared(long a, long b, int percent) {
    return Math.ceilDiv((a + b) * percent, 100L + percent);
  }
}
