package io.latencystore.bench;

import io.latencystore.Series;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The other half of a peer: one thread that takes what is in a queue into the obvious table, as
 * many rows in a transaction as there are, up to a batch.
 */
final class TableWriter {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final RowQueue queue;
  private final ObviousTable table;
  private final int batch;
  private final Thread thread;
  private long emptied;
  private volatile boolean stopped;
  private volatile boolean drained;
  private volatile @Nullable Exception failure;

  TableWriter(RowQueue queue, ObviousTable table, int batch) {
    this.queue = queue;
    this.table = table;
    this.batch = batch;
    thread = new Thread(this::run, "table-writer");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!stopped) {
        // Nothing more is offered once it is to be drained, so nothing found then means the end.
        boolean last = drained;
        int rows = queue.drain(this::add, batch);
        if (rows > 0) {
          table.commit();
        } else if (last) {
          return;
        } else {
          signalEmpty();
          LockSupport.parkNanos(this, PAUSE_NANOS);
        }
      }
    } catch (SQLException | RuntimeException e) {
      failure = e;
    } finally {
      signalEmpty();
    }
  }

  private synchronized void signalEmpty() {
    emptied++;
    notifyAll();
  }

  /** Waits until what was offered before is committed. */
  synchronized void awaitEmpty() throws InterruptedException {
    // The writer may have found the queue empty just before the last offer, so once is not enough.
    for (long until = emptied + 2; emptied < until && thread.isAlive(); ) {
      wait();
    }
  }

  private void add(Row row) {
    Series series = Workload.series(row.series);
    try {
      table.add(
          row.timestampMicros,
          row.latencyMicros,
          series.component(),
          series.command(),
          row.success);
    } catch (SQLException e) {
      throw new IllegalStateException("a row cannot be added to its batch", e);
    }
  }

  /** Throws if it has ended, so that nobody waits for it in vain. */
  void requireAlive() {
    if (!thread.isAlive()) {
      throw new IllegalStateException("the table is not written any more", failure);
    }
  }

  /** Waits until everything that was offered is committed, and stops. */
  void drain() throws InterruptedException {
    drained = true;
    join();
  }

  /** Stops after the transaction under way; the rest stays in the queue. */
  void stop() throws InterruptedException {
    stopped = true;
    join();
  }

  private void join() throws InterruptedException {
    thread.join();
    if (failure != null) {
      throw new IllegalStateException("the table was not written", failure);
    }
  }
}
