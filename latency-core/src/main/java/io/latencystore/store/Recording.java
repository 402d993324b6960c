package io.latencystore.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.DropReason;
import io.latencystore.InvalidMeasurementException;
import io.latencystore.InvalidMeasurementException.Reason;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyRecorder;
import io.latencystore.Micros;
import io.latencystore.Series;
import io.latencystore.StoreOverloadedException;
import io.latencystore.spool.Spool;
import io.latencystore.sql.StateWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The recording path: puts measurements into the spool, and counts what cannot be. Safe for use by
 * any thread.
 */
final class Recording {

  private final Spool spool;
  private final RecordingClock clock;
  private final @Nullable Series overflowSeries;
  private final StateWatch watch;
  private final Map<Series, Integer> indexes = new ConcurrentHashMap<>();
  private final LongAdder recorded = new LongAdder();
  private final Counts<DropReason> dropped = new Counts<>(DropReason.class);
  private final Counts<Reason> rejected = new Counts<>(Reason.class);

  Recording(Spool spool, Clock clock, @Nullable Series overflowSeries, StateWatch watch) {
    this.spool = spool;
    this.clock = new RecordingClock(clock);
    this.overflowSeries = overflowSeries;
    this.watch = watch;
  }

  LatencyRecorder recorder(Series series) {
    int index = index(series);
    if (index < 0) {
      throw new StoreOverloadedException(
          "no recorder for "
              + series
              + ": the store has as many distinct series as it may have, or no room to note another. Name series by"
              + " what there are few of, or raise maxSeries(…)",
          null);
    }
    return new SeriesRecorder(series, index);
  }

  private int index(Series series) {
    Integer known = indexes.get(series);
    if (known != null) {
      return known;
    }
    int index = spool.define(series);
    if (index >= 0) {
      indexes.put(series, index);
    } else if (overflowSeries != null && !series.equals(overflowSeries)) {
      return index(overflowSeries);
    }
    return index;
  }

  void record(LatencyMeasurement measurement) {
    Series series = new Series(measurement.component(), measurement.command());
    int index = index(series);
    String metadata = measurement.metadata();
    long timestamp = measurement.timestampMicros();
    long latency = measurement.latencyMicros();
    recorded.increment();
    boolean accepted = false;
    try {
      accepted =
          index >= 0
              && (metadata == null
                  ? spool.append(index, measurement.success(), timestamp, latency)
                  : spool.append(
                      index, measurement.success(), timestamp, latency, metadata.getBytes(UTF_8)));
    } finally {
      if (!accepted) {
        drop(series, index < 0 ? DropReason.TOO_MANY_SERIES : DropReason.OVERFLOW);
      }
    }
  }

  private void drop(Series series, DropReason why) {
    DropReason reason = spool.isSealed() ? DropReason.CLOSED : why;
    dropped.add(reason, 1);
    watch.tell(listener -> listener.dropped(series, reason));
  }

  long recorded() {
    return recorded.sum();
  }

  /** What was taken and found no place. */
  Counts<DropReason> dropped() {
    return dropped;
  }

  Map<Reason, Long> rejected() {
    return rejected.byReason();
  }

  /** Records one series; a value that cannot be stored is counted instead of thrown back. */
  private final class SeriesRecorder implements LatencyRecorder {

    private final Series series;
    private final int index;

    SeriesRecorder(Series series, int index) {
      this.series = series;
      this.index = index;
    }

    @Override
    public Series series() {
      return series;
    }

    @Override
    public void record(long endedAtMicros, long latencyMicros) {
      append(endedAtMicros, latencyMicros, true);
    }

    @Override
    public void recordFailure(long endedAtMicros, long latencyMicros) {
      append(endedAtMicros, latencyMicros, false);
    }

    @Override
    public void record(long latency, TimeUnit unit) {
      appendNow(latency, unit, true);
    }

    @Override
    public void recordFailure(long latency, TimeUnit unit) {
      appendNow(latency, unit, false);
    }

    private void appendNow(long latency, TimeUnit unit, boolean success) {
      long latencyMicros = latency < 0 ? latency : unit.toMicros(latency);
      if (latencyMicros == Long.MAX_VALUE && unit != TimeUnit.MICROSECONDS) {
        reject(Reason.LATENCY_TOO_LARGE); // The conversion saturates.
      } else {
        appendNow(latencyMicros, success);
      }
    }

    private void appendNow(long latencyMicros, boolean success) {
      long endedAtMicros;
      try {
        endedAtMicros = clock.micros();
      } catch (ArithmeticException e) {
        reject(Reason.TIMESTAMP_OUT_OF_RANGE);
        return;
      }
      append(endedAtMicros, latencyMicros, success);
    }

    @Override
    public void record(Duration latency, boolean success) {
      long latencyMicros;
      try {
        latencyMicros = Micros.ofLatency(latency);
      } catch (InvalidMeasurementException e) {
        reject(e.reason());
        return;
      }
      appendNow(latencyMicros, success);
    }

    @Override
    public void record(Instant ended, Duration latency, boolean success) {
      long endedAtMicros;
      long latencyMicros;
      try {
        endedAtMicros = Micros.ofTimestamp(ended);
        latencyMicros = Micros.ofLatency(latency);
      } catch (InvalidMeasurementException e) {
        reject(e.reason());
        return;
      }
      append(endedAtMicros, latencyMicros, success);
    }

    private void append(long endedAtMicros, long latencyMicros, boolean success) {
      if (latencyMicros < 0) {
        reject(Reason.NEGATIVE_LATENCY);
        return;
      }
      recorded.increment();
      boolean accepted = false;
      try {
        accepted = spool.append(index, success, endedAtMicros, latencyMicros);
      } finally {
        if (!accepted) {
          drop(series, DropReason.OVERFLOW);
        }
      }
    }

    private void reject(Reason reason) {
      rejected.add(reason, 1);
      watch.tell(listener -> listener.rejected(series, reason));
    }
  }
}
