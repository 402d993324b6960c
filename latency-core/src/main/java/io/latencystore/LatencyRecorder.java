package io.latencystore;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Records latencies of one series. Safe for use by any number of threads.
 *
 * <p>Recording never throws, neither for a value that cannot be stored nor for a database that
 * fails: such a value is counted in {@link StoreStats#rejected}, and what finds no room in {@link
 * StoreStats#dropped}. The exceptions are two policies that ask for it: {@code
 * OverflowPolicy.fail()} throws when there is no room, {@code SyncPolicy.everyRecord()} when the
 * disk fails.
 */
public interface LatencyRecorder {

  /** The series this records. */
  Series series();

  /** Records a success that ended now. */
  default void record(Duration latency) {
    record(latency, true);
  }

  /** Records a failure that ended now. */
  default void recordFailure(Duration latency) {
    record(latency, false);
  }

  /** Records a success that ended now and took {@code latency} units, floored to microseconds. */
  void record(long latency, TimeUnit unit);

  /** Records a failure that ended now and took {@code latency} units, floored to microseconds. */
  void recordFailure(long latency, TimeUnit unit);

  /** Records a success that ended at {@code ended}. */
  default void record(Instant ended, Duration latency) {
    record(ended, latency, true);
  }

  /** Records a failure that ended at {@code ended}. */
  default void recordFailure(Instant ended, Duration latency) {
    record(ended, latency, false);
  }

  /**
   * Records a success.
   *
   * @param endedAtMicros when the operation ended, in microseconds since the Unix epoch
   * @param latencyMicros how long it took, in microseconds
   */
  void record(long endedAtMicros, long latencyMicros);

  /**
   * Records a failure.
   *
   * @param endedAtMicros when the operation ended, in microseconds since the Unix epoch
   * @param latencyMicros how long it took, in microseconds
   */
  void recordFailure(long endedAtMicros, long latencyMicros);

  /** Records an outcome that ended now. */
  void record(Duration latency, boolean success);

  /** Records an outcome that ended at {@code ended}. */
  void record(Instant ended, Duration latency, boolean success);

  /**
   * Runs the operation and records how long it took; an exception counts as a failure and goes on
   * to the caller.
   *
   * @return what the operation returned
   * @throws Exception whatever the operation threw
   */
  default <T> T time(Callable<T> operation) throws Exception {
    Timing timing = start();
    boolean success = false;
    try {
      T result = operation.call();
      success = true;
      return result;
    } finally {
      if (success) {
        timing.succeed();
      } else {
        timing.fail();
      }
    }
  }

  /** Starts the clock on an operation; the returned timing records it when told how it ended. */
  default Timing start() {
    return new Timing(this, System.nanoTime());
  }

  /**
   * An operation under way. Ends once; what comes after the first end is ignored. Safe for use by
   * any thread.
   */
  final class Timing {

    private final LatencyRecorder recorder;
    private final long startNanos;
    private final java.util.concurrent.atomic.AtomicBoolean ended =
        new java.util.concurrent.atomic.AtomicBoolean();

    private Timing(LatencyRecorder recorder, long startNanos) {
      this.recorder = recorder;
      this.startNanos = startNanos;
    }

    /** Records that the operation succeeded now. */
    public void succeed() {
      end(true);
    }

    /** Records that the operation failed now. */
    public void fail() {
      end(false);
    }

    private void end(boolean success) {
      if (ended.compareAndSet(false, true)) {
        long nanos = System.nanoTime() - startNanos;
        if (success) {
          recorder.record(nanos, TimeUnit.NANOSECONDS);
        } else {
          recorder.recordFailure(nanos, TimeUnit.NANOSECONDS);
        }
      }
    }
  }
}
