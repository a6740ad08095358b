package io.fettle.activities.store;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which keys are allowed: those that mean the same on a file system, on S3 and on GCS, and need no
 * escape in a URI.
 */
final class Keys {
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9_=@+-][A-Za-z0-9._=@+-]*(/[A-Za-z0-9_=@+-][A-Za-z0-9._=@+-]*)*");
  private static final int LONGEST_KEY =
      900; // S3 and GCS end at 1,024 bytes; the rest is for a store's own prefix
  private static final int LONGEST_SEGMENT = 255; // ext4, xfs

  private Keys() {}

  static String checked(String key) {
    if (key.length() > LONGEST_KEY) {
      throw new IllegalArgumentException(
          "key of %d characters; at most %d: %.80s...".formatted(key.length(), LONGEST_KEY, key));
    }
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "key '"
              + key
              + "': segments of A-Z a-z 0-9 . _ = @ + - joined by single slashes, none"
              + " starting with a dot");
    }
    for (String segment : key.split("/")) {
      if (segment.length() > LONGEST_SEGMENT) {
        throw new IllegalArgumentException(
            "key '%.80s...': a segment of %d characters; at most %d"
                .formatted(key, segment.length(), LONGEST_SEGMENT));
      }
    }
    return key;
  }

  static boolean isAllowed(String key) {
    return key.length() <= LONGEST_KEY
        && KEY.matcher(key).matches()
        && Stream.of(key.split("/")).allMatch(segment -> segment.length() <= LONGEST_SEGMENT);
  }

  static String blob(String prefix, String sha256) {
    return checked(prefix + "/sha256/" + sha256.substring(0, 2) + "/" + sha256);
  }

  /**
   * Hints that expire by themselves are not worth a disk flush: a claim would cost as much as its
   * step's record.
   */
  static boolean isHint(String key) {
    return key.endsWith(".claim") || key.endsWith(".alive");
  }
}
