package io.latencystore.upkeep;

import io.latencystore.StoreException;
import io.latencystore.StoreOptions;
import io.latencystore.StoreUnavailableException;
import io.latencystore.layout.Startup;
import io.latencystore.sql.Database;
import io.latencystore.sql.StateWatch;
import io.latencystore.sql.Waiting;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The upkeep of what is stored: one thread that now and then does the chores there are.
 *
 * <ol>
 *   <li>It waits for its interval, and does nothing while the database is not open.
 *   <li>It does the chores one after the other, step by step, unless another process, or another
 *       store of this one, is at it; after each step it rests as long as the step took.
 *   <li>What fails is left for the next round.
 * </ol>
 *
 * <p>Safe for use by any thread.
 */
final class Upkeep implements Runnable {

  private static final Duration TURN = Duration.ofMinutes(1);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Database database;
  private final StoreOptions options;
  private final Startup startup;
  private final StateWatch watch;
  private final Thread thread;
  private @Nullable Chores chores;
  private volatile boolean ended;

  /** Begins the upkeep of a database, the first round an interval from now. */
  Upkeep(Database database, StoreOptions options, Startup startup, StateWatch watch) {
    this.database = database;
    this.options = options;
    this.startup = startup;
    this.watch = watch;
    this.thread = new Thread(this, "latency-maintenance");
    thread.setDaemon(true);
    thread.start();
  }

  /** Made when they are first asked for, since that is not before the first measurement. */
  synchronized Chores chores() {
    Chores made = chores;
    if (made == null) {
      made = new Chores(database, options, watch);
      chores = made;
    }
    return made;
  }

  @Override
  public void run() {
    while (!ended) {
      rest(options.maintenanceInterval().toNanos());
      Startup.Opened opened = startup.opened();
      if (opened != null && !ended) {
        round(opened);
      }
    }
  }

  private void round(Startup.Opened opened) {
    try {
      database.tryMaintaining(
          () -> chores().byThemselves().forEach(chore -> finish(chore, opened)));
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  /** One that fails does not keep the others from their turn. */
  private void finish(Chore chore, Startup.Opened opened) {
    try {
      boolean more = true;
      while (more && !ended) {
        long begun = System.nanoTime();
        more = chore.step(opened);
        rest(System.nanoTime() - begun);
      }
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private void failed(Throwable failure) {
    if (!ended) {
      watch.warn("maintenance failed; it is tried again later", failure);
    }
  }

  private void rest(long nanos) {
    long deadline = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !ended; left = deadline - System.nanoTime()) {
      Thread.interrupted(); // Nobody has a reason to; and it would not wait any more.
      LockSupport.parkNanos(this, left);
    }
  }

  /**
   * Does some work as soon as nobody else is at such.
   *
   * @throws StoreUnavailableException if somebody else is for more than a minute
   * @throws StoreException if the database fails
   */
  <T> T inTurn(Supplier<T> work) {
    AtomicReference<@Nullable T> result = new AtomicReference<>();
    long deadline = System.nanoTime() + TURN.toNanos();
    while (!database.tryMaintaining(() -> result.set(work.get()))) {
      if (System.nanoTime() - deadline > 0) {
        throw new StoreUnavailableException(
            database.location()
                + ": another process has been at its maintenance for "
                + TURN
                + "; try again later",
            null);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return Objects.requireNonNull(result.get());
  }

  /** Lets it come to an end after the step that it is at. */
  void end() {
    ended = true;
    LockSupport.unpark(thread);
  }

  /** Waits for that end, up to a time; returns whether it came. */
  boolean awaitEnd(Duration timeout) {
    return Waiting.await(
        timeout,
        nanos -> {
          TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
          return !thread.isAlive();
        });
  }
}
