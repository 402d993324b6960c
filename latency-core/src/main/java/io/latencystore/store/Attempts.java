package io.latencystore.store;

import io.latencystore.StoreException;
import io.latencystore.StoreState;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.sql.Database;
import io.latencystore.sql.Failure;
import io.latencystore.sql.StateWatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The writer's attempts at what the database may refuse: how they end says how the store is doing,
 * and how long to wait before the next. For one thread; any other may ask for an attempt, and how
 * that ended.
 */
final class Attempts {

  private static final int SPOOLING_FROM = 5;
  private static final long PAUSE_WITHOUT_POLICY = TimeUnit.SECONDS.toNanos(1);

  private final Database database;
  private final RetryPolicy retry;
  private final StateWatch watch;
  private final Runnable failed;
  private final AtomicLong wanted = new AtomicLong();
  private volatile long begun;
  private volatile long failedLast;
  private int failures;
  private @Nullable StoreException cause;

  /**
   * Attempts of which none was made yet.
   *
   * @param failed called after each that fails
   */
  Attempts(Database database, RetryPolicy retry, StateWatch watch, Runnable failed) {
    this.database = database;
    this.retry = retry;
    this.watch = watch;
    this.failed = failed;
  }

  /** Does something that may fail for the database's sake; returns whether it did not. */
  boolean attempt(Runnable work) {
    long number = begun + 1;
    begun = number;
    try {
      work.run();
      failures = 0;
      cause = null;
      watch.change(StoreState.HEALTHY, null);
      return true;
    } catch (StoreException e) {
      failures++;
      cause = e;
      watch.change(failures < SPOOLING_FROM ? StoreState.RETRYING : StoreState.SPOOLING, e);
      failedLast = number;
      failed.run();
      return false;
    }
  }

  /**
   * Asks for an attempt that begins after this call, and before the pause is over; whoever asks
   * wakes the thread.
   *
   * @return its number
   */
  long want() {
    return wanted.accumulateAndGet(begun + 1, Math::max);
  }

  /** Whether this attempt, or a later one, has failed. */
  boolean hasFailed(long number) {
    return failedLast >= number;
  }

  /** Why the last attempt failed, or null if it did not. */
  @Nullable StoreException cause() {
    return cause;
  }

  /** What the failure of the last attempt means, or null if it did not fail. */
  @Nullable Failure failure() {
    return cause == null ? null : Failure.of(database, cause);
  }

  /** Says that the database answers, so that the failures so far are no reason to wait. */
  void answered() {
    failures = 0;
  }

  /** Waits as long as the policy says, or until an attempt is wanted or the thread is woken. */
  void pause() {
    if (wanted.get() > begun) {
      return;
    }
    long nanos;
    try {
      nanos = retry.pause(failures).toNanos();
    } catch (RuntimeException e) {
      watch.warn("the retry policy failed; trying again in a second", e);
      nanos = PAUSE_WITHOUT_POLICY;
    }
    Thread.interrupted(); // It would not wait otherwise.
    LockSupport.parkNanos(this, nanos);
  }
}
