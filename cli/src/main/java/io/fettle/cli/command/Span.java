package io.fettle.cli.command;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as people and specs write it: {@code 30s}, {@code 5m}, {@code 6h} or {@code 2d}. */
final class Span implements ITypeConverter<Duration> {
  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6})([smhd])");

  @Override
  public Duration convert(String value) {
    var written = WRITTEN.matcher(value);
    if (!written.matches()) {
      throw new TypeConversionException(
          "'%s' is no time; write it as 30s, 5m, 6h or 2d".formatted(value));
    }
    long count = Long.parseLong(written.group(1));
    return switch (written.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
