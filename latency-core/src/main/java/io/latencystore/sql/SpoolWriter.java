package io.latencystore.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import io.latencystore.StoreException;
import io.latencystore.StoreOptions;
import io.latencystore.StoreState;
import io.latencystore.StoreUnavailableException;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.policy.PendingBatch;
import io.latencystore.spool.Failpoint;
import io.latencystore.spool.Spool;
import io.latencystore.spool.SpoolDirectory;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer: one thread that takes what was recorded from the spool and stores it.
 *
 * <ol>
 *   <li>It asks the batch policy until what waits is due.
 *   <li>It reads a stretch of the spool into a batch and stores that, together with the position
 *       behind it, as often as it takes. What the database refuses is halved until a single
 *       measurement is left, which goes to the dead letters.
 *   <li>It releases the stretch, once the commit survives a power cut.
 *   <li>Every few seconds it stores what dead processes have left behind.
 * </ol>
 */
final class SpoolWriter {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolWriter.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long ADOPT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long UNPUBLISHED_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_BATCH = 1 << 17;
  private static final int UNDURABLE = 1 << 18;
  private static final int SPOOLING_FROM = 5;

  private final Spool spool;
  private final @Nullable SpoolDirectory directory;
  private final Startup startup;
  private final Database database;
  private final StoreOptions options;
  private final StateWatch watch;
  private final DeadLetters deadLetters;
  private final MeasurementBatch batch = new MeasurementBatch();
  private final GroupsOfSpool groups;
  private final LongAdder committed = new LongAdder();
  private final LongAdder adopted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private final Thread thread;
  private volatile long stored;
  private volatile long hurryTo;
  private volatile boolean closing;
  private volatile boolean abandoned;
  private volatile @Nullable Producer drained;
  private int failures;
  private long pendingSince;
  private long adoptedAt = System.nanoTime() - ADOPT_NANOS;
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
    this.directory = directory;
    this.startup = startup;
    this.database = database;
    this.options = options;
    this.watch = watch;
    this.deadLetters = new DeadLetters(directory == null ? null : directory.root());
    this.groups = new GroupsOfSpool(spool, batch);
    this.thread = new Thread(this::run, "latency-writer");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    Adoption adoption = null;
    try {
      Startup.Opened opened = options.startInBackground() ? startup.run() : startup.await();
      Producer producer = new Producer(opened, options.clock(), spool.producer());
      belongTo(opened.storeId());
      adoption = new Adoption(directory, opened, options.clock(), adopted);
      while (!abandoned && !(closing && producer.position() >= spool.tail())) {
        step(producer, opened.connections(), adoption);
      }
      if (!abandoned) {
        release(producer, opened.connections(), true);
        drained = producer;
      }
    } catch (RuntimeException | Error e) {
      watch.change(StoreState.FAILED, e);
    } finally {
      close(adoption);
      signal();
    }
  }

  /**
   * Without the name the next who adopts the spool goes by its place, which says nearly as much.
   */
  private void belongTo(String storeId) {
    try {
      spool.belongsTo(storeId);
    } catch (IOException e) {
      LOG.warn("{}: the spool could not be named", database.location(), e);
    }
  }

  private static void close(@Nullable Adoption adoption) {
    try {
      if (adoption != null) {
        adoption.close();
      }
    } catch (IOException e) {
      LOG.warn("a spool that was taken over could not be let go", e);
    }
  }

  private void step(Producer producer, Connections connections, Adoption adoption) {
    long waiting = spool.tail() - Math.max(producer.position(), spool.committed());
    if (System.nanoTime() - adoptedAt >= ADOPT_NANOS && !closing) {
      attempt(adoption::adopt);
      adoptedAt = System.nanoTime();
    } else if (waiting <= 0) {
      pendingSince = 0;
      if (spool.committed() < producer.position()) {
        attempt(() -> release(producer, connections, true));
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    } else if (isDue(waiting)) {
      write(producer, connections);
    }
  }

  /** Whether what waits is to be written now; if not, time has passed meanwhile. */
  private boolean isDue(long waiting) {
    long now = System.nanoTime();
    if (pendingSince == 0) {
      pendingSince = now;
    }
    if (closing || hurryTo > spool.committed()) {
      return true;
    }
    long patience = patience(new PendingBatch(waiting, Duration.ofNanos(now - pendingSince)));
    if (patience <= 0) {
      return true;
    }
    LockSupport.parkNanos(this, Math.min(patience, LOOK_NANOS));
    return false;
  }

  private long patience(PendingBatch pending) {
    try {
      return options.batch().patience(pending).toNanos();
    } catch (RuntimeException e) {
      LOG.warn("{}: the batch policy failed; writing now", database.location(), e);
      return 0;
    }
  }

  private void write(Producer producer, Connections connections) {
    long from = Math.max(producer.position(), spool.committed());
    long tail = spool.tail();
    long reached = fill(from, Math.min(tail, from + MAX_BATCH));
    if (reached == from) {
      awaitPublication(from, tail);
      return;
    }
    stalledSince = 0;
    pendingSince = 0;
    deliver(producer, from, reached);
    if (!abandoned) {
      attempt(() -> release(producer, connections, hurryTo > spool.committed()));
    }
  }

  /** Reads a stretch of the spool into the batch; returns where it ends. */
  private long fill(long from, long to) {
    batch.clear();
    groups.clear();
    return spool.read(from, to, groups);
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

  /** Stores the batch, which holds a stretch of the spool, however often it takes. */
  private void deliver(Producer producer, long from, long to) {
    int refusals = 0;
    long before = producer.position();
    while (!abandoned && producer.position() == before) {
      Failure failure = store(producer, to);
      if (failure == null) {
        return;
      }
      refusals = failure == Failure.POISON && batch.size() > 0 ? refusals + 1 : 0;
      if (refusals > 1) {
        failures = 0; // It answers; the search for what it refuses is no reason to wait.
        divide(producer, from, to);
        return;
      }
      LockSupport.parkNanos(this, refusals > 0 ? 0 : pauseNanos());
    }
  }

  private long pauseNanos() {
    try {
      return options.retry().pause(failures).toNanos();
    } catch (RuntimeException e) {
      LOG.warn("{}: the retry policy failed; trying again in a second", database.location(), e);
      return LOOK_NANOS;
    }
  }

  /**
   * Stores each half of a stretch that the database refuses, or puts its only measurement aside.
   */
  private void divide(Producer producer, long from, long to) {
    if (batch.size() == 1) {
      putAside(producer, from, to);
      return;
    }
    long middle = fill(from, middle(from, batch.size() / 2));
    deliver(producer, from, middle);
    if (!abandoned && producer.position() == middle && fill(middle, to) == to) {
      deliver(producer, middle, to);
    }
  }

  /** The position behind so many measurements. */
  private long middle(long from, int measurements) {
    int[] seen = new int[1];
    long position = from;
    while (seen[0] < measurements) {
      position =
          spool.read(
              position, position + 1, (series, success, timestamp, latency, metadata) -> seen[0]++);
    }
    return position;
  }

  private void putAside(Producer producer, long from, long to) {
    Throwable cause = watch.cause();
    Throwable known = cause == null ? new IllegalStateException("refused") : cause;
    spool.read(
        from,
        to,
        (series, success, timestamp, latency, metadata) -> {
          Series names = spool.series(series);
          LatencyMeasurement measurement =
              LatencyMeasurement.ofMicros(
                  timestamp, latency, names.component(), names.command(), success, text(metadata));
          try {
            deadLetters.add(producer.id(), from, measurement, known);
          } catch (IOException e) {
            throw new StoreUnavailableException(
                "a measurement that the database refuses could not be put aside (" + e + ")", e);
          }
          LOG.warn("{}: refuses {}; it was put aside", database.location(), measurement, known);
          watch.tell(listener -> listener.deadLettered(measurement, known));
        });
    batch.clear();
    groups.clear();
    deliver(producer, from, to);
    if (producer.position() >= to) {
      refused.increment();
    }
  }

  /**
   * Stores the batch; returns what was wrong, or null if it is stored or the database is elsewhere
   * by now.
   */
  private @Nullable Failure store(Producer producer, long to) {
    int size = batch.size();
    long before = producer.position();
    boolean done =
        attempt(
            () -> {
              if (producer.store(batch, to)) {
                Failpoint.pass("committed");
                stored = to;
                committed.add(size);
              } else {
                LOG.warn(
                    "{}: is at position {} of this producer, not at {}; it was restored or replaced",
                    database.location(),
                    producer.position(),
                    before);
              }
            });
    return done ? null : classify(watch.cause());
  }

  private Failure classify(@Nullable Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql) {
        return database.classify(sql);
      }
    }
    return Failure.TRANSIENT;
  }

  /** Lets the spool use again what is committed, once that survives a power cut. */
  private void release(Producer producer, Connections connections, boolean now) {
    long position = producer.position();
    if (!database.commitsAreDurable()) {
      if (!now && position - spool.committed() < UNDURABLE) {
        return;
      }
      connections.maintain(
          session -> {
            database.makeDurable(session.connection());
            return position;
          });
    }
    spool.release(position);
    signal();
  }

  /** Does something that may fail for the database's sake; returns whether it did not. */
  private boolean attempt(Runnable work) {
    try {
      work.run();
      failures = 0;
      watch.change(StoreState.HEALTHY, null);
      return true;
    } catch (StoreException e) {
      failures++;
      watch.change(failures < SPOOLING_FROM ? StoreState.RETRYING : StoreState.SPOOLING, e);
      signal();
      return false;
    }
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
    hurryTo = Math.max(hurryTo, target);
    LockSupport.unpark(thread);
    boolean interrupted = false;
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (spool.committed() < target
          && left > 0
          && thread.isAlive()
          && watch.state() != StoreState.SPOOLING) {
        try {
          left = progress.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return spool.committed() >= target ? FlushResult.STORED : spooled(target, timeout);
  }

  private FlushResult spooled(long target, Duration timeout) {
    Throwable cause = watch.cause();
    if (watch.state() == StoreState.FAILED && cause instanceof StoreException failed) {
      throw failed;
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

  /**
   * Stores what is left, and stops.
   *
   * @return whether it came to its end in time; if not, it may be waiting for the database still
   */
  boolean close(Duration timeout) {
    closing = true;
    boolean interrupted = join(timeout.toNanos());
    abandoned = true;
    interrupted |= join(LOOK_NANOS);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /**
   * Removes the producer's row, if everything is stored: to be called once the spool is gone, since
   * whoever finds a spool without a row takes all of it for new.
   */
  void unregister() {
    if (drained != null) {
      drained.unregister();
    }
  }

  private boolean join(long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean interrupted = false;
    LockSupport.unpark(thread);
    while (thread.isAlive() && deadline - System.nanoTime() > 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  /** How many measurements are in the spool and not stored. */
  long pending() {
    try (Spool.Pin pin = spool.pin()) {
      return spool.count(Math.max(pin.from(), stored), pin.to());
    }
  }

  long committed() {
    return committed.sum();
  }

  long adopted() {
    return adopted.sum();
  }

  /** How many measurements the database refused. */
  long refused() {
    return refused.sum();
  }

  /** The measurements of a stretch of the spool, for a question. */
  MeasurementBatch tail(long from, long to) {
    MeasurementBatch tail = new MeasurementBatch();
    spool.readPublished(from, to, new GroupsOfSpool(spool, tail));
    return tail;
  }

  static @Nullable String text(byte @Nullable [] metadata) {
    return metadata == null ? null : new String(metadata, UTF_8);
  }
}
