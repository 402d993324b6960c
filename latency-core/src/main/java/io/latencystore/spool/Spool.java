package io.latencystore.spool;

import io.latencystore.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Measurements between recording and the database, in bounded memory.
 *
 * <p>Any thread offers; one thread, the writer, takes. Positions count what was accepted: what has
 * a position below what is settled is committed or dropped.
 */
public final class Spool {

  /** How many measurements may wait. */
  static final int CAPACITY = 1 << 20;

  /** How many of them the writer is woken for. */
  private static final int WORTH_WRITING = 1 << 16;

  /** How long an offer waits for room. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** One recorded measurement. */
  public record Entry(
      Series series,
      long timestampMicros,
      long latencyMicros,
      boolean success,
      @Nullable String metadata) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<Entry> waiting = new ArrayList<>();
  private long accepted;
  private long settled;
  private boolean hurried;
  private boolean closed;

  /** Adds a measurement; waits for room if there is none. Returns whether it was accepted. */
  public boolean offer(Entry entry) {
    lock.lock();
    try {
      long patience = PATIENCE.toNanos();
      while (!closed && accepted - settled >= CAPACITY && patience > 0) {
        hurried = true;
        changed.signalAll();
        patience = awaitUninterrupted(patience);
      }
      if (closed || accepted - settled >= CAPACITY) {
        return false;
      }
      waiting.add(entry);
      accepted++;
      if (waiting.size() == WORTH_WRITING) {
        changed.signalAll();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what waits, once that is worth it, or time is up, or somebody is in a hurry; empty if
   * nothing waits.
   */
  public List<Entry> take(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = patience.toNanos();
      while (waiting.size() < WORTH_WRITING && !hurried && !closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      hurried = false;
      List<Entry> taken = waiting;
      waiting = new ArrayList<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Says that the oldest {@code count} measurements that were taken are committed or dropped. */
  public void settle(int count) {
    lock.lock();
    try {
      settled += count;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything accepted before the call is settled; returns whether it is. */
  public boolean awaitSettled(Duration timeout) {
    lock.lock();
    try {
      long target = accepted;
      long patience = timeout.toNanos();
      while (settled < target && patience > 0) {
        hurried = true;
        changed.signalAll();
        patience = awaitUninterrupted(patience);
      }
      return settled >= target;
    } finally {
      lock.unlock();
    }
  }

  /** An interrupt is kept for the caller and does not end the wait. */
  private long awaitUninterrupted(long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return changed.awaitNanos(deadline - System.nanoTime());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** How many measurements were accepted and are not settled. */
  public long pending() {
    lock.lock();
    try {
      return accepted - settled;
    } finally {
      lock.unlock();
    }
  }

  /** Accepts nothing more. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing more is accepted. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
