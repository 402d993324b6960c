package io.latencystore.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits until something is so, with a bound. */
public final class Await {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private Await() {}

  /**
   * Waits until the condition holds.
   *
   * @param what what is waited for, for the message
   * @param timeout how long at most
   * @param condition asked again and again
   * @throws AssertionError if it does not hold in time
   * @throws Exception whatever the condition throws
   */
  public static void until(String what, Duration timeout, Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited " + timeout + " in vain until " + what);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
