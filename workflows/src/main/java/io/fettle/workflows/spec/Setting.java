package io.fettle.workflows.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One key of the spec: what it does, its default and its bounds. A key without a {@link #fallback}
 * is required, unless its type is nullable (absent then means null) or a section of its own (absent
 * then means the section's defaults).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** What the key does, in one sentence without a full stop. */
  String value();

  /** The default, as one would write it in YAML. */
  String fallback() default "";

  /** Smallest value: of a number, of a list's or a text's length, of a duration in seconds. */
  double min() default Double.NEGATIVE_INFINITY;

  /** Largest value, counted as for {@link #min}. */
  double max() default Double.POSITIVE_INFINITY;

  /** Regular expression that a text has to match whole; {@link #hint} says it in words. */
  String pattern() default "";

  /** What to write instead of a refused value, or an example: "16 is a good start". */
  String hint() default "";

  /** True where the word {@code auto} may be written for "absent": the plan then decides. */
  boolean auto() default false;

  /**
   * Keys of the same section that say the same thing another way: at most one of them is given, and
   * the default goes.
   */
  String[] unless() default {};

  /**
   * True for a path: relative ones are resolved against the spec's folder, and something has to be
   * there.
   */
  boolean path() default false;

  /**
   * For a path: {@code s3://} and {@code gs://} addresses do as well; a run finds out who is there.
   */
  boolean remote() default false;

  /**
   * For a remote path: a slash at the end of an address stays, since it says that all that lies
   * there is meant.
   */
  boolean folders() default false;

  /** For a path: a word that means something else than a file of that name. */
  String word() default "";
}
