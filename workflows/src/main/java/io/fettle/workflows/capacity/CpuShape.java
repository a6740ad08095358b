package io.fettle.workflows.capacity;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Shapes without a GPU: {@code cpu} is a whole machine, {@code cpu-4} four of its cores. */
public final class CpuShape {
  private static final Pattern NAME = Pattern.compile("cpu(?:-([1-9][0-9]{0,2}))?");

  private CpuShape() {}

  public static boolean is(String shape) {
    return NAME.matcher(shape).matches();
  }

  /** Empty: all of the machine, or a shape of another kind. */
  public static OptionalInt cores(String shape) {
    var match = NAME.matcher(shape);
    return match.matches() && match.group(1) != null
        ? OptionalInt.of(Integer.parseInt(match.group(1)))
        : OptionalInt.empty();
  }
}
