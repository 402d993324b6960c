package io.latencystore.postgres;

import io.latencystore.LatencyMeasurement;
import java.util.List;
import java.util.stream.LongStream;

/** Measurements whose latencies, and times after noon on 1 March 2026, are numbers in a row. */
final class Numbered {

  static final long NOON = 1_772_366_400_000_000L;

  private Numbered() {}

  static LatencyMeasurement measurement(String component, long number) {
    return LatencyMeasurement.ofMicros(NOON + number, number, component, "command", true, null);
  }

  static List<LatencyMeasurement> measurements(long from, long to) {
    return LongStream.range(from, to).mapToObj(number -> measurement("component", number)).toList();
  }
}
