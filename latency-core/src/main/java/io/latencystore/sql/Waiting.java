package io.latencystore.sql;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waiting that an interrupt does not cut short: it is kept for the caller. */
public final class Waiting {

  /** As long as it takes. */
  public static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

  private Waiting() {}

  /** Something that waits, up to a time. */
  @FunctionalInterface
  public interface Step {

    /** Waits so many nanoseconds at most; returns whether what was waited for is there. */
    boolean await(long nanos) throws InterruptedException;
  }

  /** Waits up to a time; returns whether what was waited for is there. */
  public static boolean await(Duration timeout, Step step) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return step.await(Math.max(0, deadline - System.nanoTime()));
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

  /** Takes a lock, unless it is not free within a time; returns whether it did. */
  static boolean tryLock(ReentrantLock lock, Duration timeout) {
    return await(timeout, nanos -> lock.tryLock(nanos, TimeUnit.NANOSECONDS));
  }

  /**
   * Does something in a thread of its own, where no interrupt reaches it, and waits for its end, up
   * to a time. What it throws by then is thrown here.
   */
  public static void apart(String name, Duration timeout, Runnable work) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((ended, why) -> failure.set(why));
    thread.start();
    await(
        timeout,
        nanos -> {
          TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
          return !thread.isAlive();
        });
    if (failure.get() instanceof Error error) {
      throw error;
    }
    if (failure.get() instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Does something as if the thread were not interrupted, which it is again afterwards. */
  public static <T> T undisturbed(Supplier<T> work) {
    boolean interrupted = Thread.interrupted();
    try {
      return work.get();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
