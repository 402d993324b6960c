package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import java.util.List;

/**
 * A workload made beforehand, to be played in a loop as fast as anyone takes it: each round goes on
 * where the last one ended. Immutable, and small enough for a core's cache.
 */
final class Tape {

  private static final int LENGTH = 1 << 14;

  private final long[] timestamps = new long[LENGTH];
  private final long[] latencies = new long[LENGTH];
  private final int[] series = new int[LENGTH];
  private final boolean[] successes = new boolean[LENGTH];
  private final long roundMicros;

  /** The first measurements of the workload. */
  Tape() {
    List<LatencyMeasurement> measurements = new Workload(Workload.MAX_SERIES).next(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      LatencyMeasurement measurement = measurements.get(i);
      timestamps[i] = measurement.timestampMicros();
      latencies[i] = measurement.latencyMicros();
      series[i] = Workload.indexOf(new Series(measurement.component(), measurement.command()));
      successes[i] = measurement.success();
    }
    roundMicros = timestamps[LENGTH - 1] - timestamps[0];
  }

  /** Takes what is played. */
  interface Listener {
    void play(long timestampMicros, long latencyMicros, int series, boolean success);
  }

  /**
   * Plays every {@code step}th measurement of the first {@code count}, beginning with the given.
   */
  void play(long first, long count, int step, Listener listener) {
    for (long position = first; position < count; position += step) {
      int i = (int) position & (LENGTH - 1);
      listener.play(
          timestamps[i] + position / LENGTH * roundMicros, latencies[i], series[i], successes[i]);
    }
  }
}
