package io.latencystore;

import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/**
 * How time is cut into buckets: of one width, aligned to the epoch or an origin, or by the calendar
 * of a time zone. A bucket is named by its begin. Immutable.
 */
public final class TimeBuckets {

  private static final long DAY_MICROS = ChronoUnit.DAYS.getDuration().toNanos() / 1_000;

  /** The begins of calendar buckets. */
  private enum Unit {
    DAY,
    WEEK,
    MONTH;

    LocalDate startOf(LocalDate day) {
      return switch (this) {
        case DAY -> day;
        case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTH -> day.withDayOfMonth(1);
      };
    }

    LocalDate after(LocalDate start) {
      return switch (this) {
        case DAY -> start.plusDays(1);
        case WEEK -> start.plusWeeks(1);
        case MONTH -> start.plusMonths(1);
      };
    }
  }

  private final long widthMicros;
  private final long offsetMicros;
  private final Unit unit;
  private final ZoneId zone;

  private TimeBuckets(long widthMicros, long offsetMicros, Unit unit, ZoneId zone) {
    this.widthMicros = widthMicros;
    this.offsetMicros = offsetMicros;
    this.unit = unit;
    this.zone = zone;
  }

  /**
   * Buckets of one width, one of which begins at the Unix epoch.
   *
   * @throws IllegalArgumentException if the width is less than a microsecond, not whole
   *     microseconds, or too large
   */
  public static TimeBuckets of(Duration width) {
    return of(width, Instant.EPOCH);
  }

  /**
   * Buckets of one width, one of which begins at {@code origin}, floored to a microsecond.
   *
   * @throws IllegalArgumentException if the width is less than a microsecond, not whole
   *     microseconds, or too large
   */
  public static TimeBuckets of(Duration width, Instant origin) {
    if (width.isNegative() || width.isZero() || width.toNanosPart() % 1_000 != 0) {
      throw new IllegalArgumentException(
          "bucket width " + width + " is not a positive number of whole microseconds");
    }
    long micros = Micros.ofLatency(width);
    return new TimeBuckets(
        micros,
        Math.floorMod(Micros.ofTimestamp(origin), micros),
        Unit.DAY,
        java.time.ZoneOffset.UTC);
  }

  /** Days that begin at midnight in the zone, so that some have 23 or 25 hours. */
  public static TimeBuckets days(ZoneId zone) {
    return new TimeBuckets(0, 0, Unit.DAY, zone);
  }

  /** Weeks that begin on Monday in the zone. */
  public static TimeBuckets weeks(ZoneId zone) {
    return new TimeBuckets(0, 0, Unit.WEEK, zone);
  }

  /** Months of the zone's calendar. */
  public static TimeBuckets months(ZoneId zone) {
    return new TimeBuckets(0, 0, Unit.MONTH, zone);
  }

  /**
   * The begin of the bucket that holds a moment, in microseconds since the epoch; the earliest
   * moment if that lies before it.
   *
   * @param micros microseconds since the epoch
   */
  public long startOf(long micros) {
    if (widthMicros > 0) {
      long into = Math.floorMod(Math.floorMod(micros, widthMicros) - offsetMicros, widthMicros);
      return micros < Long.MIN_VALUE + into ? Long.MIN_VALUE : micros - into;
    }
    return startOf(unit.startOf(Micros.toInstant(micros).atZone(zone).toLocalDate()));
  }

  /**
   * The begin of the bucket after the one that begins at {@code startMicros}, in microseconds since
   * the epoch; {@link Long#MAX_VALUE} if that lies beyond it.
   *
   * @param startMicros a value that {@link #startOf} returned
   */
  public long after(long startMicros) {
    if (widthMicros > 0) {
      if (startMicros == Long.MIN_VALUE) {
        return firstAfterMin();
      }
      return startMicros > Long.MAX_VALUE - widthMicros
          ? Long.MAX_VALUE
          : startMicros + widthMicros;
    }
    LocalDate day = Micros.toInstant(startMicros).atZone(zone).toLocalDate();
    return startOf(unit.after(unit.startOf(day)));
  }

  /**
   * About how many buckets lie between two moments: exact for a width, never too large for a
   * calendar.
   *
   * @param firstMicros the first moment inside
   * @param lastMicros the last moment inside
   */
  public double count(long firstMicros, long lastMicros) {
    if (widthMicros > 0) {
      return numberOf(lastMicros).subtract(numberOf(firstMicros)).doubleValue() + 1;
    }
    double span = (double) lastMicros - firstMicros;
    return switch (unit) {
      case DAY -> span / (DAY_MICROS * 1.05);
      case WEEK -> span / (DAY_MICROS * 7.05);
      case MONTH -> span / (DAY_MICROS * 31.05);
    };
  }

  /** The number of the bucket of a moment, counted from the origin. */
  private BigInteger numberOf(long micros) {
    boolean beforeOffset = Math.floorMod(micros, widthMicros) < offsetMicros;
    return BigInteger.valueOf(Math.floorDiv(micros, widthMicros))
        .subtract(beforeOffset ? BigInteger.ONE : BigInteger.ZERO);
  }

  private long firstAfterMin() {
    long into =
        Math.floorMod(Math.floorMod(Long.MIN_VALUE, widthMicros) - offsetMicros, widthMicros);
    return Long.MIN_VALUE + (widthMicros - into);
  }

  private long startOf(LocalDate day) {
    return Micros.clamped(day.atStartOfDay(zone).toInstant());
  }
}
