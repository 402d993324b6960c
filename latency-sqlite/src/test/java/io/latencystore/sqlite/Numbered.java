package io.latencystore.sqlite;

import io.latencystore.LatencyMeasurement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;

/** Measurements whose latencies, and times after noon on 1 March 2026, are numbers in a row. */
final class Numbered {

  static final long NOON = 1_772_366_400_000_000L;
  static final Instant NOON_INSTANT = Instant.ofEpochSecond(NOON / 1_000_000);

  /** What is older than this has expired where anything does, by a clock that stands. */
  static final Duration AGE = Duration.ofDays(30);

  static final Clock CLOCK = Clock.fixed(NOON_INSTANT.plusSeconds(3_600), ZoneOffset.UTC);

  /** A day longer ago than that. */
  static final long LONG_AGO = NOON - 31 * 86_400_000_000L;

  private Numbered() {}

  static LatencyMeasurement measurement(String component, long number) {
    return LatencyMeasurement.ofMicros(NOON + number, number, component, "command", true, null);
  }

  static List<LatencyMeasurement> measurements(long from, long to) {
    return LongStream.range(from, to).mapToObj(number -> measurement("component", number)).toList();
  }
}
