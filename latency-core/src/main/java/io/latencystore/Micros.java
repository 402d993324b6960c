package io.latencystore;

import io.latencystore.InvalidMeasurementException.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Conversions between the JDK's time types and the store's signed 64-bit microseconds; everything
 * is floored. For code that handles microseconds itself.
 */
public final class Micros {

  private static final long PER_SECOND = 1_000_000;

  private Micros() {}

  /**
   * A moment as microseconds since the Unix epoch.
   *
   * @throws InvalidMeasurementException if it does not fit; the message names it
   */
  public static long ofTimestamp(Instant timestamp) {
    try {
      return toMicros(timestamp.getEpochSecond(), timestamp.getNano());
    } catch (ArithmeticException e) {
      throw new InvalidMeasurementException(
          Reason.TIMESTAMP_OUT_OF_RANGE,
          "timestamp "
              + timestamp
              + " does not fit in signed 64-bit microseconds; it must lie between "
              + toInstant(Long.MIN_VALUE)
              + " and "
              + toInstant(Long.MAX_VALUE));
    }
  }

  /**
   * The time of a clock as microseconds since the Unix epoch. The moment goes nowhere else, not
   * even into a message, so that compiled code makes no object of it.
   *
   * @throws ArithmeticException if it does not fit
   */
  public static long now(Clock clock) {
    Instant now = clock.instant();
    return toMicros(now.getEpochSecond(), now.getNano());
  }

  /**
   * A latency as microseconds.
   *
   * @throws InvalidMeasurementException if it is negative or does not fit; the message names it
   */
  public static long ofLatency(Duration latency) {
    if (latency.isNegative()) {
      throw new InvalidMeasurementException(
          Reason.NEGATIVE_LATENCY,
          "latency " + latency + " is negative; swap start and end, or fix the clock");
    }
    try {
      return toMicros(latency.getSeconds(), latency.getNano());
    } catch (ArithmeticException e) {
      throw new InvalidMeasurementException(
          Reason.LATENCY_TOO_LARGE,
          "latency "
              + latency
              + " does not fit in signed 64-bit microseconds; at most "
              + toDuration(Long.MAX_VALUE));
    }
  }

  static long checkLatency(long latencyMicros) {
    if (latencyMicros < 0) {
      throw new InvalidMeasurementException(
          Reason.NEGATIVE_LATENCY,
          "latency " + latencyMicros + " µs is negative; swap start and end, or fix the clock");
    }
    return latencyMicros;
  }

  /**
   * A moment as microseconds since the Unix epoch; one beyond the range is the end of the range.
   */
  public static long clamped(Instant bound) {
    try {
      return toMicros(bound.getEpochSecond(), bound.getNano());
    } catch (ArithmeticException e) {
      return bound.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /** The moment that lies so many microseconds after the Unix epoch. */
  public static Instant toInstant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1_000);
  }

  /** A duration of so many microseconds. */
  public static Duration toDuration(long micros) {
    return Duration.ofSeconds(micros / PER_SECOND, micros % PER_SECOND * 1_000);
  }

  private static long toMicros(long seconds, int nanos) {
    if (seconds < 0) {
      // One second towards zero, so that the smallest value does not overflow half-way.
      return Math.addExact(Math.multiplyExact(seconds + 1, PER_SECOND), nanos / 1_000 - PER_SECOND);
    }
    return Math.addExact(Math.multiplyExact(seconds, PER_SECOND), nanos / 1_000);
  }
}
