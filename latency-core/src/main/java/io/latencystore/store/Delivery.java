package io.latencystore.store;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import io.latencystore.StoreUnavailableException;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.layout.Cutoffs;
import io.latencystore.spool.Failpoint;
import io.latencystore.spool.SpoolReader;
import io.latencystore.sql.Failure;
import io.latencystore.sql.StateWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;

/**
 * Brings what a spool holds into the database, stretch by stretch, exactly once.
 *
 * <ol>
 *   <li>A stretch is read into a batch and stored together with the position behind it, as often as
 *       it takes.
 *   <li>If the database is at another position than expected, that is where to go on from.
 *   <li>A stretch that the database refuses twice is halved until a single measurement is left,
 *       which goes to the dead letters and is passed over.
 * </ol>
 *
 * <p>For one thread; the counts may be read by any.
 */
final class Delivery {

  private final SpoolReader spool;
  private final Producer producer;
  private final Attempts attempts;
  private final DeadLetters deadLetters;
  private final StateWatch watch;
  private final BooleanSupplier stopped;
  private final MeasurementBatch batch = new MeasurementBatch();
  private final GroupsOfSpool groups;
  private final Delivered delivered;
  private volatile long reached;
  private long attempted;
  private boolean moved;

  /**
   * A delivery.
   *
   * @param delivered counts what became of it
   * @param stopped whether to give up between two attempts
   */
  Delivery(
      SpoolReader spool,
      Producer producer,
      Attempts attempts,
      DeadLetters deadLetters,
      StateWatch watch,
      Delivered delivered,
      BooleanSupplier stopped) {
    this.spool = spool;
    this.producer = producer;
    this.attempts = attempts;
    this.deadLetters = deadLetters;
    this.watch = watch;
    this.delivered = delivered;
    this.stopped = stopped;
    this.groups = new GroupsOfSpool(spool, batch);
  }

  Producer producer() {
    return producer;
  }

  /** The position before which everything is stored or put aside. */
  long reached() {
    return reached;
  }

  /** How many measurements were left out because the names of their series are lost. */
  long nameless() {
    return groups.nameless();
  }

  /**
   * Stores what lies from one position to another, or less if a cell in between may still be
   * published, or if it is told to stop or to look anew.
   *
   * @return whether there was anything to store
   * @throws UncheckedIOException if the spool cannot be read
   */
  boolean deliver(long from, long to) {
    long end = fill(from, to);
    if (end == from) {
      return false;
    }
    store(from, end);
    return true;
  }

  private long fill(long from, long to) {
    batch.clear();
    groups.clear();
    return read(from, to, groups);
  }

  private long read(long from, long to, io.latencystore.spool.SpoolVisitor visitor) {
    try {
      return spool.read(from, to, visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stores the batch, which holds a stretch of the spool, however often it takes. */
  private void store(long from, long to) {
    int refusals = 0;
    while (!stopped.getAsBoolean()) {
      if (attempts.attempt(() -> storeOnce(from, to))) {
        return;
      }
      Failure failure = attempts.failure();
      if (failure == Failure.REPLACED) {
        return;
      }
      refusals = failure == Failure.POISON && taken() > 0 ? refusals + 1 : 0;
      if (refusals > 1) {
        attempts.answered(); // The search for what it refuses is no reason to wait.
        divide(from, to);
        return;
      }
      if (refusals == 0) {
        attempts.pause();
      }
    }
  }

  private void storeOnce(long from, long to) {
    long before = producer.position();
    attempted = Math.max(attempted, to);
    moved = producer.store(batch, to);
    if (moved) {
      Failpoint.pass("committed");
      delivered.committed().add(batch.size());
      delivered.expired().add(batch.expired());
      batch
          .expiredBySeries()
          .forEach((series, count) -> watch.tell(listener -> listener.expired(series, count)));
    } else {
      // Up to there an earlier attempt had succeeded after all.
      count(from, Math.min(producer.position(), attempted));
      if (producer.position() < before || producer.position() > attempted) {
        watch.warn(
            "is at position "
                + producer.position()
                + " of this producer, not at "
                + before
                + "; it was restored or replaced",
            null);
      }
    }
    reached = Math.max(reached, producer.position());
  }

  /** Counts what an attempt has stored of which only the position is known. */
  private void count(long from, long to) {
    Cutoffs cutoffs = producer.cutoffs();
    read(
        from,
        to,
        (index, success, timestamp, latency, metadata) -> {
          Series series = spool.series(index);
          boolean late = series != null && timestamp < cutoffs.of(series.component());
          (late ? delivered.expired() : delivered.committed()).increment();
        });
  }

  /** How many measurements the batch was filled with. */
  private long taken() {
    return batch.size() + batch.expired();
  }

  /**
   * Stores each half of a stretch that the database refuses, or puts its only measurement aside.
   */
  private void divide(long from, long to) {
    if (taken() == 1) {
      putAside(from, to);
      return;
    }
    long middle = fill(from, middle(from, taken() / 2));
    store(from, middle);
    if (producer.position() == middle && fill(middle, to) == to) {
      store(middle, to);
    }
  }

  /** The position behind so many measurements. */
  private long middle(long from, long measurements) {
    int[] seen = new int[1];
    long position = from;
    while (seen[0] < measurements) {
      position =
          read(
              position, position + 1, (series, success, timestamp, latency, metadata) -> seen[0]++);
    }
    return position;
  }

  private void putAside(long from, long to) {
    Throwable cause =
        attempts.cause() == null ? new IllegalStateException("refused") : attempts.cause();
    read(
        from,
        to,
        (series, success, timestamp, latency, metadata) -> {
          Series names = spool.series(series);
          if (names != null) {
            putAside(
                from,
                LatencyMeasurement.ofMicros(
                    timestamp,
                    latency,
                    names.component(),
                    names.command(),
                    success,
                    GroupsOfSpool.text(metadata)),
                cause);
          }
        });
    if (!stopped.getAsBoolean()) {
      batch.clear();
      groups.clear();
      store(from, to);
      if (moved && producer.position() >= to) {
        delivered.refused().increment();
      }
    }
  }

  private void putAside(long position, LatencyMeasurement measurement, Throwable cause) {
    while (!stopped.getAsBoolean()
        && !attempts.attempt(() -> writeDeadLetter(position, measurement, cause))) {
      attempts.pause();
    }
    watch.warn("refuses " + measurement + "; it was put aside", cause);
    watch.tell(listener -> listener.deadLettered(measurement, cause));
  }

  private void writeDeadLetter(long position, LatencyMeasurement measurement, Throwable cause) {
    try {
      deadLetters.add(producer.id(), position, measurement, cause);
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "a measurement that the database refuses could not be put aside ("
              + e
              + "); make room, or give this user the right to write there",
          e);
    }
  }
}
