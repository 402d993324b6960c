package io.latencystore.store;

import io.latencystore.FlushResult;
import io.latencystore.StoreException;
import io.latencystore.StoreOptions;
import io.latencystore.StoreState;
import io.latencystore.StoreUnavailableException;
import io.latencystore.layout.Startup;
import io.latencystore.policy.PendingBatch;
import io.latencystore.spool.Spool;
import io.latencystore.spool.SpoolDirectory;
import io.latencystore.sql.Database;
import io.latencystore.sql.Failure;
import io.latencystore.sql.StateWatch;
import io.latencystore.sql.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The writer: one thread that takes what was recorded from the spool and stores it.
 *
 * <ol>
 *   <li>It opens the database, unless that is done already, and again when it was away or replaced.
 *   <li>It asks the batch policy until what waits is due, and lets {@link Delivery} store it.
 *   <li>It releases what is stored, once the commit survives a power cut.
 *   <li>In between it stores what dead processes have left behind; see {@link Adoption}.
 * </ol>
 */
final class SpoolWriter implements Runnable {

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long UNPUBLISHED_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_BATCH = 1 << 18;
  private static final int UNDURABLE = 1 << 18;

  private final Spool spool;
  private final Startup startup;
  private final Database database;
  private final StoreOptions options;
  private final StateWatch watch;
  private final Attempts attempts;
  private final DeadLetters deadLetters;
  private final Adoption adoption;
  private final Delivered delivered = new Delivered();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private final Thread thread;
  private volatile @Nullable Delivery delivery;
  private final AtomicLong hurryTo = new AtomicLong();
  private volatile boolean closing;
  private volatile boolean abandoned;
  private volatile boolean drained;
  private long pendingSince;
  private long stalledSince;
  private long stalledTail;

  SpoolWriter(
      Spool spool,
      @Nullable SpoolDirectory directory,
      Startup startup,
      Database database,
      StoreOptions options,
      StateWatch watch) {
    this.spool = spool;
    this.startup = startup;
    this.database = database;
    this.options = options;
    this.watch = watch;
    this.attempts = new Attempts(database, options.retry(), watch, this::signal);
    this.deadLetters = new DeadLetters(directory == null ? null : directory.root());
    this.adoption = new Adoption(directory, options, attempts, deadLetters, watch, () -> abandoned);
    this.thread = new Thread(this, "latency-writer");
    thread.setDaemon(true);
    spool.wakeWhenFilled(thread);
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (!abandoned && !(closing && isDrained())) {
        Thread.interrupted(); // Nobody has a reason to; and it would not wait any more.
        Startup.Opened opened = startup.opened();
        if (opened == null) {
          open(startup::attempt);
        } else if (attempts.failure() == Failure.REPLACED) {
          watch.warn(
              "was deleted or replaced while it was open; opening it anew", attempts.cause());
          open(() -> startup.again(opened));
        } else {
          step(opened, deliveryTo(opened));
        }
      }
      finish();
    } catch (RuntimeException | Error e) {
      watch.change(StoreState.FAILED, e);
    } finally {
      adoption.letGo();
      signal();
    }
  }

  private boolean isDrained() {
    return spool.committed() >= spool.tail();
  }

  /**
   * Opens the database, or waits before another attempt if it is away.
   *
   * @throws StoreException if it cannot be opened for another reason
   */
  private void open(Runnable opening) {
    if (attempts.attempt(opening)) {
      return;
    }
    StoreException cause = attempts.cause();
    if (cause != null && attempts.failure() != Failure.AWAY) {
      throw cause;
    }
    attempts.pause();
  }

  private Delivery deliveryTo(Startup.Opened opened) {
    Delivery known = delivery;
    if (known != null && known.producer().isOf(opened)) {
      return known;
    }
    try {
      spool.belongsTo(opened.storeId());
    } catch (IOException e) {
      // Without the name whoever adopts the spool goes by its place, which says nearly as much.
      watch.warn("the spool could not be named", e);
    }
    Producer producer = new Producer(opened, options.clock(), spool.producer());
    Delivery made =
        new Delivery(spool, producer, attempts, deadLetters, watch, delivered, () -> abandoned);
    delivery = made;
    return made;
  }

  private void step(Startup.Opened opened, Delivery current) {
    boolean adopted = !closing && adoption.step(opened);
    long cells = spool.tail() - next(current);
    long waiting = cells - spool.unused();
    if (waiting > 0 || (cells > 0 && isHurried())) {
      long patience = patience(Math.max(1, waiting));
      if (patience <= 0) {
        write(opened, current);
      } else if (!adopted) {
        LockSupport.parkNanos(this, Math.min(patience, LOOK_NANOS));
      }
      return;
    }
    pendingSince = 0;
    release(opened, current, true);
    if (!adopted && !(closing && isDrained())) {
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  /**
   * The position to go on from: a database that went back in time does not get twice what is gone.
   */
  private long next(Delivery current) {
    return Math.max(current.producer().position(), spool.committed());
  }

  private boolean isHurried() {
    return closing || hurryTo.get() > spool.committed();
  }

  /** How long what waits may wait, in nanoseconds; zero or less for "write it now". */
  private long patience(long waiting) {
    long now = System.nanoTime();
    if (pendingSince == 0) {
      pendingSince = now;
    }
    if (isHurried()) {
      return 0;
    }
    try {
      Duration age = Duration.ofNanos(now - pendingSince);
      return options.batch().patience(new PendingBatch(waiting, age)).toNanos();
    } catch (RuntimeException e) {
      watch.warn("the batch policy failed; writing now", e);
      return 0;
    }
  }

  private void write(Startup.Opened opened, Delivery current) {
    long from = next(current);
    long tail = spool.tail();
    if (!current.deliver(from, Math.min(tail, from + MAX_BATCH))) {
      awaitPublication(from, tail);
      return;
    }
    stalledSince = 0;
    pendingSince = 0;
    signal();
    if (!abandoned) {
      release(opened, current, isHurried());
    }
  }

  /**
   * The first cell is claimed and not published: its thread is about to, or has been stopped in
   * between.
   */
  private void awaitPublication(long from, long tail) {
    long now = System.nanoTime();
    if (stalledSince == 0) {
      stalledSince = now;
      stalledTail = tail;
    } else if (now - stalledSince > STALL_NANOS) {
      spool.abandon(from, stalledTail);
      stalledSince = 0;
      return;
    }
    LockSupport.parkNanos(this, UNPUBLISHED_NANOS);
  }

  /** Lets the spool use again what is committed, once that survives a power cut. */
  private void release(Startup.Opened opened, Delivery current, boolean now) {
    long position = current.producer().position();
    if (position <= spool.committed()) {
      return;
    }
    if (!database.commitsAreDurable()) {
      if (!now && position - spool.committed() < UNDURABLE) {
        return;
      }
      attempts.attempt(
          () -> {
            if (makeDurable(opened)) {
              spool.release(position);
            }
          });
    } else {
      spool.release(position);
    }
    signal();
  }

  private boolean makeDurable(Startup.Opened opened) {
    return opened.connections().maintain(session -> database.makeDurable(session.connection()));
  }

  private void finish() {
    Startup.Opened opened = startup.opened();
    Delivery current = delivery;
    if (!abandoned && opened != null && current != null) {
      release(opened, current, true);
    }
    drained = isDrained();
  }

  private void signal() {
    lock.lock();
    try {
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  FlushResult flush(Duration timeout) {
    long target = spool.tail();
    hurryTo.accumulateAndGet(target, Math::max);
    long attempt = attempts.want();
    LockSupport.unpark(thread);
    lock.lock();
    try {
      Waiting.await(timeout, nanos -> awaitStored(target, attempt, nanos));
    } finally {
      lock.unlock();
    }
    return spool.committed() >= target ? FlushResult.STORED : spooled(target, timeout);
  }

  /** Waits until it is stored, or an attempt has shown that the database still is of no use. */
  private boolean awaitStored(long target, long attempt, long nanos) throws InterruptedException {
    long left = nanos;
    while (spool.committed() < target
        && left > 0
        && thread.isAlive()
        && !abandoned
        && !(watch.state() == StoreState.SPOOLING && attempts.hasFailed(attempt))) {
      left = progress.awaitNanos(left);
    }
    return spool.committed() >= target;
  }

  private FlushResult spooled(long target, Duration timeout) {
    Throwable cause = watch.cause();
    if (watch.state() == StoreState.FAILED) {
      throw cause instanceof StoreException failed ? failed : stopped(cause);
    }
    try {
      if (spool.survivesProcess() && spool.sync() >= target) {
        return FlushResult.SPOOLED;
      }
    } catch (IOException e) {
      cause = e;
    }
    throw new StoreUnavailableException(
        database.location()
            + ": "
            + pending()
            + " measurements were not stored within "
            + timeout
            + (cause == null ? "; the database is slow" : ": " + cause.getMessage()),
        cause);
  }

  private StoreException stopped(@Nullable Throwable cause) {
    return new StoreUnavailableException(
        database.location()
            + ": the writer stopped ("
            + cause
            + "); what was recorded is in the spool, for the next open",
        cause);
  }

  /**
   * Stores what is left, and stops.
   *
   * @return whether it came to its end in time; if not, it may be waiting for the database still
   */
  boolean close(Duration timeout) {
    closing = true;
    LockSupport.unpark(thread);
    if (!join(timeout)) {
      abandoned = true;
      signal();
      LockSupport.unpark(thread);
      join(Duration.ofNanos(LOOK_NANOS));
    }
    return !thread.isAlive();
  }

  private boolean join(Duration timeout) {
    return Waiting.await(
        timeout,
        nanos -> {
          TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
          return !thread.isAlive();
        });
  }

  /**
   * Removes the producer's row, if everything is stored: to be called once nothing is left in the
   * spool, since whoever finds something there and no row takes it for new.
   *
   * @return whether there is none now
   */
  boolean unregister() {
    Delivery last = delivery;
    return last == null || (drained && last.producer().unregister());
  }

  /** How many measurements are in the spool and not stored. */
  long pending() {
    Delivery current = delivery;
    try (Spool.Pin pin = spool.pin()) {
      long from = current == null ? pin.from() : Math.max(pin.from(), current.reached());
      return spool.count(from, pin.to());
    }
  }

  /** How many measurements were taken from the spool, by what became of them. */
  Delivered delivered() {
    return delivered;
  }

  /** What dead processes have left behind. */
  Adoption adoption() {
    return adoption;
  }
}
