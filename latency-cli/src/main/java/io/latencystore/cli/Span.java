package io.latencystore.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a length of time: a whole number and a unit, for instance {@code 90s} or {@code 7d}. */
final class Span implements ITypeConverter<Duration> {

  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]+)(us|ms|s|m|h|d|w)");

  @Override
  public Duration convert(String typed) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(typed);
    if (matcher.matches()) {
      try {
        return unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
      } catch (ArithmeticException | NumberFormatException e) {
        throw new TypeConversionException("'" + typed + "' is longer than any data; use less");
      }
    }
    throw new TypeConversionException(
        "'"
            + typed
            + "' is no length of time; write a whole number and us, ms, s, m, h, d or w, like 90s"
            + " or 7d");
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "us" -> ChronoUnit.MICROS.getDuration();
      case "ms" -> ChronoUnit.MILLIS.getDuration();
      case "s" -> ChronoUnit.SECONDS.getDuration();
      case "m" -> ChronoUnit.MINUTES.getDuration();
      case "h" -> ChronoUnit.HOURS.getDuration();
      case "d" -> ChronoUnit.DAYS.getDuration();
      default -> ChronoUnit.WEEKS.getDuration();
    };
  }
}
