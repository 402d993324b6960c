package io.latencystore.sql;

import io.latencystore.FlushResult;
import io.latencystore.InvalidMeasurementException;
import io.latencystore.InvalidMeasurementException.Reason;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyRecorder;
import io.latencystore.Micros;
import io.latencystore.Series;
import io.latencystore.StoreException;
import io.latencystore.StoreState;
import io.latencystore.StoreUnavailableException;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.spool.Spool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recording path: recorders put measurements into the spool, and one thread, the writer, takes
 * them from there in batches and stores them, repeating a batch until it is stored. Safe for use by
 * any thread.
 */
final class Recording {

  private static final Logger LOG = LoggerFactory.getLogger(Recording.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Spool spool = new Spool();
  private final Producer producer;
  private final Clock clock;
  private final String location;
  private final Thread writer;
  private final LongAdder recorded = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder committed = new LongAdder();
  private final Map<Reason, LongAdder> rejected = new EnumMap<>(Reason.class);
  private volatile StoreState state = StoreState.HEALTHY;
  private volatile @Nullable Throwable failure;
  private volatile boolean abandoned;

  Recording(Producer producer, Clock clock, String location) {
    this.producer = producer;
    this.clock = clock;
    this.location = location;
    for (Reason reason : Reason.values()) {
      rejected.put(reason, new LongAdder());
    }
    writer = new Thread(this::write, "latency-writer");
    writer.setDaemon(true);
    writer.start();
  }

  LatencyRecorder recorder(Series series) {
    return new SeriesRecorder(series);
  }

  void record(LatencyMeasurement measurement) {
    offer(
        new Series(measurement.component(), measurement.command()),
        measurement.timestampMicros(),
        measurement.latencyMicros(),
        measurement.success(),
        measurement.metadata());
  }

  private void offer(
      Series series,
      long endedAtMicros,
      long latencyMicros,
      boolean success,
      @Nullable String metadata) {
    recorded.increment();
    if (!spool.offer(new Spool.Entry(series, endedAtMicros, latencyMicros, success, metadata))) {
      dropped.increment();
    }
  }

  private void write() {
    MeasurementBatch batch = new MeasurementBatch();
    try {
      while (!spool.isClosed() || spool.pending() > 0) {
        List<Spool.Entry> entries = spool.take(PATIENCE);
        for (Spool.Entry entry : entries) {
          batch.add(
              entry.series().component(),
              entry.series().command(),
              entry.timestampMicros(),
              entry.latencyMicros(),
              entry.success(),
              entry.metadata());
        }
        if (batch.size() > 0 && !store(batch)) {
          return;
        }
        batch.clear();
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      failure = e;
      state = StoreState.FAILED;
      LOG.error("{}: the writer stopped; what is recorded is no longer stored", location, e);
    }
  }

  /**
   * Stores a batch, however often it takes; returns whether it is stored, rather than abandoned.
   */
  private boolean store(MeasurementBatch batch) {
    long pause = FIRST_PAUSE_NANOS;
    while (!abandoned) {
      try {
        producer.store(batch);
        state = StoreState.HEALTHY;
        failure = null;
        committed.add(batch.size());
        spool.settle(batch.size());
        return true;
      } catch (StoreException e) {
        if (state == StoreState.HEALTHY) {
          LOG.warn(
              "{}: {} measurements could not be stored; trying again", location, batch.size(), e);
        }
        state = StoreState.RETRYING;
        failure = e;
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
    }
    return false;
  }

  FlushResult flush(Duration timeout) {
    if (spool.awaitSettled(timeout)) {
      return FlushResult.STORED;
    }
    Throwable cause = failure;
    throw new StoreUnavailableException(
        location
            + ": "
            + spool.pending()
            + " measurements were not stored within "
            + timeout
            + (cause == null ? "; the database is slow" : ": " + cause.getMessage()),
        cause);
  }

  /** Stores what waits and stops; returns how many measurements are lost because time ran out. */
  long close(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    spool.close();
    join(timeout);
    abandoned = true;
    LockSupport.unpark(writer);
    join(Duration.ofNanos(Math.max(1_000_000_000L, deadline - System.nanoTime())));
    long lost = spool.pending();
    dropped.add(lost);
    spool.settle((int) lost);
    state = StoreState.CLOSED;
    return lost;
  }

  private void join(Duration timeout) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + timeout.toNanos();
    while (writer.isAlive() && deadline - System.nanoTime() > 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(writer, deadline - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes the producer's row, once closed. */
  void unregister() {
    if (!writer.isAlive()) {
      producer.unregister();
    }
  }

  long recorded() {
    return recorded.sum();
  }

  long dropped() {
    return dropped.sum();
  }

  long committed() {
    return committed.sum();
  }

  long pending() {
    return spool.pending();
  }

  StoreState state() {
    return state;
  }

  Map<Reason, Long> rejected() {
    Map<Reason, Long> counts = new EnumMap<>(Reason.class);
    rejected.forEach((reason, count) -> counts.put(reason, count.sum()));
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  /** Records one series; a value that cannot be stored is counted instead of thrown back. */
  private final class SeriesRecorder implements LatencyRecorder {

    private final Series series;

    SeriesRecorder(Series series) {
      this.series = series;
    }

    @Override
    public Series series() {
      return series;
    }

    @Override
    public void record(long endedAtMicros, long latencyMicros) {
      recordMicros(endedAtMicros, latencyMicros, true);
    }

    @Override
    public void recordFailure(long endedAtMicros, long latencyMicros) {
      recordMicros(endedAtMicros, latencyMicros, false);
    }

    private void recordMicros(long endedAtMicros, long latencyMicros, boolean success) {
      if (latencyMicros < 0) {
        reject(Reason.NEGATIVE_LATENCY);
      } else {
        offer(series, endedAtMicros, latencyMicros, success, null);
      }
    }

    @Override
    public void record(Duration latency, boolean success) {
      record(clock.instant(), latency, success);
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
      offer(series, endedAtMicros, latencyMicros, success, null);
    }

    private void reject(Reason reason) {
      LongAdder count = rejected.get(reason);
      if (count != null) {
        count.increment();
      }
    }
  }
}
