package io.latencystore.sql;

import io.latencystore.StoreListener;
import io.latencystore.StoreState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the store is doing, and who is told when that changes: the listener of everything, the log of
 * a line every few seconds at most. Safe for use by any thread.
 */
public final class StateWatch {

  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final StoreListener listener;
  private final String location;
  private final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - QUIET_NANOS);
  private final AtomicLong unlogged = new AtomicLong();
  private volatile StoreState state = StoreState.HEALTHY;
  private volatile @Nullable Throwable cause;

  /**
   * The watch of a store that is healthy so far.
   *
   * @param location where its database is, for the log
   */
  public StateWatch(StoreListener listener, String location) {
    this.listener = listener;
    this.location = location;
  }

  /** How the store is doing. */
  public StoreState state() {
    return state;
  }

  /** What made the store other than healthy. */
  public @Nullable Throwable cause() {
    return cause;
  }

  /** Says how the store is doing now; one that is closed stays so. */
  public synchronized void change(StoreState now, @Nullable Throwable why) {
    StoreState before = state;
    if (before == StoreState.CLOSED) {
      return;
    }
    cause = why;
    if (before == now) {
      return;
    }
    state = now;
    if (now == StoreState.FAILED) {
      log().error("{}: the writer stopped; what is recorded stays in the spool", location, why);
    } else if (why != null) {
      warn(now + " (" + why.getMessage() + "); what is recorded is kept meanwhile", null);
    } else {
      log().debug("{}: {}", location, now);
    }
    tell(l -> l.stateChanged(before, now, why));
  }

  /** Not before there is something to say: to load SLF4J takes a process 10 ms. */
  private static Logger log() {
    return LoggerFactory.getLogger(StateWatch.class);
  }

  /** Logs something that is said once. */
  public void report(String what) {
    log().warn("{}: {}", location, what);
  }

  /** Logs a warning, unless another was logged just now: then the next says how many were not. */
  public void warn(String what, @Nullable Throwable why) {
    long last = loggedAt.get();
    long now = System.nanoTime();
    if (now - last < QUIET_NANOS || !loggedAt.compareAndSet(last, now)) {
      unlogged.incrementAndGet();
      return;
    }
    long missed = unlogged.getAndSet(0);
    String others = missed == 0 ? "" : " (and " + missed + " warnings before)";
    log().warn("{}: {}{}", location, what, others, why);
  }

  /** Tells the listener; what it throws stays here. */
  public void tell(Consumer<StoreListener> news) {
    try {
      news.accept(listener);
    } catch (RuntimeException | Error e) {
      warn("the listener failed", e);
    }
  }
}
