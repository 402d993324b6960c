package io.latencystore.testkit;

import io.latencystore.LatencyMeasurement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Measurements that tests are made of. */
final class Sample {

  /** A moment on an hour, in microseconds: 2026-03-01T12:00:00Z. */
  static final long NOON = 1_772_366_400_000_000L;

  static final Instant NOON_INSTANT = Instant.ofEpochSecond(NOON / 1_000_000);

  private Sample() {}

  static LatencyMeasurement of(long timestampMicros, long latencyMicros) {
    return LatencyMeasurement.ofMicros(
        timestampMicros, latencyMicros, "editor", "save", true, null);
  }

  static LatencyMeasurement failed(long timestampMicros, long latencyMicros) {
    return LatencyMeasurement.ofMicros(
        timestampMicros, latencyMicros, "editor", "save", false, null);
  }

  static LatencyMeasurement named(String component, String command) {
    return LatencyMeasurement.ofMicros(NOON, 1, component, command, true, null);
  }

  static LatencyMeasurement withMetadata(long timestampMicros, String metadata) {
    return LatencyMeasurement.ofMicros(timestampMicros, 1, "editor", "save", true, metadata);
  }

  /** Four series, seven measurements, two of them failures. */
  static List<LatencyMeasurement> seven() {
    return List.of(
        LatencyMeasurement.ofMicros(NOON, 100, "editor", "save", true, null),
        LatencyMeasurement.ofMicros(NOON + 1, 300, "editor", "save", false, null),
        LatencyMeasurement.ofMicros(NOON + 2, 200, "editor", "open", true, null),
        LatencyMeasurement.ofMicros(NOON + 3, 700, "build", "compile", true, "{\"files\":3}"),
        LatencyMeasurement.ofMicros(NOON + 4, 500, "build", "compile", true, null),
        LatencyMeasurement.ofMicros(NOON + 5, 400, "build", "link", false, null),
        LatencyMeasurement.ofMicros(NOON + 6, 600, "build", "link", true, null));
  }

  /** One measurement for each latency, a second apart from noon on. */
  static List<LatencyMeasurement> latencies(long... micros) {
    List<LatencyMeasurement> measurements = new ArrayList<>();
    for (long latency : micros) {
      measurements.add(of(NOON + 1_000_000L * measurements.size(), latency));
    }
    return measurements;
  }

  /** Measurements whose latencies, and times after noon, are the numbers in {@code [from, to)}. */
  static List<LatencyMeasurement> numbered(long from, long to) {
    return LongStream.range(from, to).mapToObj(n -> of(NOON + n, n)).toList();
  }

  static Duration micros(long micros) {
    return Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1_000);
  }

  static Clock clockAt(Instant now) {
    return Clock.fixed(now, ZoneOffset.UTC);
  }
}
