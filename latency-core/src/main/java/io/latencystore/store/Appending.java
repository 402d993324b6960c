package io.latencystore.store;

import io.latencystore.AppendException;
import io.latencystore.DropReason;
import io.latencystore.LatencyMeasurement;
import io.latencystore.StoreException;
import io.latencystore.StoreOptions;
import io.latencystore.StoreUnavailableException;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.layout.DatabaseAccess;
import io.latencystore.layout.Startup;
import io.latencystore.spool.Spool;
import io.latencystore.sql.Database;
import io.latencystore.sql.StateWatch;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Stores measurements that are handed over at once, past the spool: each batch of them in a
 * transaction, while the caller waits. Safe for use by any thread.
 */
final class Appending {

  private final Database database;
  private final StoreOptions options;
  private final Counts<DropReason> dropped;
  private final StateWatch watch;
  private final DatabaseAccess access;
  private final LongAdder taken = new LongAdder();
  private final LongAdder committed = new LongAdder();
  private final AtomicReference<@Nullable MeasurementBatch> spareBatch = new AtomicReference<>();
  private @Nullable Producer current;

  Appending(
      Database database,
      StoreOptions options,
      Counts<DropReason> dropped,
      StateWatch watch,
      DatabaseAccess access) {
    this.database = database;
    this.options = options;
    this.dropped = dropped;
    this.watch = watch;
    this.access = access;
  }

  /**
   * Stores them.
   *
   * @return how many are stored, which are those that have not expired
   * @throws AppendException if some are stored and others are not
   */
  long append(Iterator<LatencyMeasurement> measurements) {
    long over = 0;
    long stored = 0;
    MeasurementBatch spare = spareBatch.getAndSet(null);
    MeasurementBatch batch = spare == null ? new MeasurementBatch() : spare;
    try {
      while (measurements.hasNext()) {
        LatencyMeasurement next = measurements.next();
        batch.add(
            next.component(),
            next.command(),
            next.timestampMicros(),
            next.latencyMicros(),
            next.success(),
            next.metadata());
        if (batch.size() == options.appendBatch() || !measurements.hasNext()) {
          int size = batch.size();
          stored += store(batch);
          over += size;
          batch.clear();
        }
      }
    } catch (InDoubtException e) {
      throw new AppendException(
          over, batch.size() + batch.expired(), Objects.requireNonNull(e.getCause()));
    } catch (RuntimeException e) {
      if (over == 0 && !(e instanceof StoreException)) {
        throw e;
      }
      throw new AppendException(over, 0, e);
    } finally {
      batch.clear();
      spareBatch.set(batch);
    }
    return stored;
  }

  /** Returns how many of the batch are stored, which are those that have not expired. */
  private int store(MeasurementBatch batch) {
    int size = batch.size();
    taken.add(size);
    boolean stored = false;
    try {
      access.apply(
          opened -> {
            appendInTransaction(opened, batch);
            return true;
          });
      stored = true;
      committed.add(batch.size());
      dropped.add(DropReason.EXPIRED, batch.expired());
      batch
          .expiredBySeries()
          .forEach((series, count) -> watch.tell(listener -> listener.expired(series, count)));
      return batch.size();
    } finally {
      if (!stored) {
        dropped.add(DropReason.NOT_APPENDED, size);
      }
    }
  }

  private synchronized void appendInTransaction(Startup.Opened opened, MeasurementBatch batch) {
    Producer producer = current;
    if (producer == null || !producer.isOf(opened)) {
      producer = new Producer(opened, options.clock(), Spool.newProducer());
      current = producer;
    }
    try {
      if (!producer.store(batch, producer.position() + batch.size())) {
        throw new StoreUnavailableException(
            database.location() + " was replaced or restored while it was open; open it again",
            null);
      }
    } catch (StoreException e) {
      boolean inDoubt = producer.isInDoubt();
      producer.giveUpBatch();
      throw inDoubt ? new InDoubtException(e) : e;
    }
  }

  /** How many were taken. */
  long taken() {
    return taken.sum();
  }

  /** How many of them are committed. */
  long committed() {
    return committed.sum();
  }

  /**
   * Forgets the producer, since nothing is appended any more; returns whether its position is gone.
   */
  synchronized boolean unregister() {
    return current == null || current.unregister();
  }

  /** Nobody knows whether the batch is stored, so it must not be stored again. */
  private static final class InDoubtException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InDoubtException(StoreException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
