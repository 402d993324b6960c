package io.latencystore.cli;

import static java.time.format.DateTimeFormatter.ISO_DATE_TIME;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a moment: ISO-8601 with a zone offset, a date-time or date without one, which is taken as
 * UTC, or a whole number of microseconds since the Unix epoch.
 */
final class Moment implements ITypeConverter<Instant> {

  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

  @Override
  public Instant convert(String typed) {
    try {
      if (NUMBER.matcher(typed).matches()) {
        return Instant.EPOCH.plus(Long.parseLong(typed), ChronoUnit.MICROS);
      } else if (!typed.contains("T")) {
        return LocalDate.parse(typed).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      TemporalAccessor parsed =
          ISO_DATE_TIME.parseBest(typed, ZonedDateTime::from, LocalDateTime::from);
      return parsed instanceof LocalDateTime local
          ? local.toInstant(ZoneOffset.UTC)
          : Instant.from(parsed);
    } catch (DateTimeException | NumberFormatException e) {
      throw new TypeConversionException(
          "'"
              + typed
              + "' is no moment; write 2026-01-31T12:00:00Z, 2026-01-31T12:00:00+01:00, 2026-01-31"
              + " (UTC) or signed 64-bit microseconds since 1970");
    }
  }
}
