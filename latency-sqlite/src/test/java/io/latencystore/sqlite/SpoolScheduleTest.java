package io.latencystore.sqlite;

import static io.latencystore.sqlite.SpoolStores.assertBalanced;
import static io.latencystore.sqlite.SpoolStores.assertNothingTwice;
import static io.latencystore.sqlite.SpoolStores.eager;
import static io.latencystore.sqlite.SpoolStores.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.AppendException;
import io.latencystore.DropReason;
import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Series;
import io.latencystore.StoreListener;
import io.latencystore.policy.OverflowPolicy;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recorders, loads and flushes while the database fails at random points, in several stores after
 * each other, which leave spools to the next: at every quiet moment the accounts balance, and in
 * the end everything is stored once that was not said to be dropped.
 */
@Timeout(120)
final class SpoolScheduleTest {

  private static final int STORES = 2;
  private static final int QUIET_MOMENTS = 6;
  private static final int RECORDERS = 3;
  private static final int IO = 10;
  private static final int[] CODES = {5, 8, 10, 11, 13, 0, 19};

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final Random random = new Random(seed);
  private final FaultyDialect faulty = new FaultyDialect(new SqliteDialect());
  private final ReadWriteLock gate = new ReentrantReadWriteLock(true);
  private final Map<String, AtomicLong> expected = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean over;
  private long loaded;
  private long attempted;

  /** Takes off what is said to be lost. */
  private final StoreListener losses =
      new StoreListener() {
        @Override
        public void dropped(Series series, DropReason reason) {
          expected(series.component()).decrementAndGet();
        }

        @Override
        public void deadLettered(LatencyMeasurement measurement, Throwable cause) {
          expected(measurement.component()).decrementAndGet();
        }
      };

  private AtomicLong expected(String component) {
    return expected.computeIfAbsent(component, any -> new AtomicLong());
  }

  private Path file() {
    return directory.resolve("latency.db");
  }

  private LatencyStore open() {
    return SpoolStores.open(
        eager(file())
            .spoolLimit(4 << 20)
            .overflow(OverflowPolicy.dropNewest())
            .appendBatch(50)
            .listener(losses),
        faulty);
  }

  private Thread start(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              while (!over) {
                gate.readLock().lock();
                try {
                  work.run();
                } finally {
                  gate.readLock().unlock();
                }
                LockSupport.parkNanos(1_000_000);
              }
            });
    thread.setUncaughtExceptionHandler((dead, e) -> failure.compareAndSet(null, e));
    thread.start();
    return thread;
  }

  private Runnable recorder(LatencyStore store, String component, Random own) {
    AtomicLong next = new AtomicLong();
    return () -> {
      for (int left = own.nextInt(2_000); left > 0; left--) {
        long n = next.getAndIncrement();
        expected(component).incrementAndGet();
        store.record(
            LatencyMeasurement.ofMicros(
                Numbered.NOON + n,
                n,
                component,
                "command",
                true,
                n % 300 == 0 ? "m".repeat((int) n % 2_000) : null));
      }
    };
  }

  private void load(LatencyStore store, Random own) {
    long from = attempted;
    attempted += 1 + own.nextInt(200);
    try {
      loaded += store.append(Numbered.measurements(from, attempted));
    } catch (AppendException e) {
      loaded += e.committed();
    }
  }

  private void fail(Random own) throws SQLException {
    synchronized (own) {
      if (own.nextInt(3) == 0) {
        throw failure(CODES[own.nextInt(CODES.length)]);
      }
    }
  }

  private void failAtRandom(Point... points) {
    for (Point point : points) {
      Random own = new Random(random.nextLong());
      faulty.at(point, arrival -> fail(own));
    }
  }

  /** Stops everybody, and waits until the writer can be in the middle of nothing. */
  private void assertBalancedOnceQuiet(LatencyStore store) throws Exception {
    gate.writeLock().lock();
    try {
      AtomicLong arrivals = new AtomicLong();
      faulty.at(
          Point.BEGIN_WRITE,
          arrival -> {
            arrivals.set(arrival);
            throw failure(IO);
          });
      Await.until(
          "the writer cannot write",
          Duration.ofSeconds(20),
          () -> arrivals.get() > 2 || store.stats().pending() == 0);
      assertBalanced(store.stats(), "seed " + seed);
    } finally {
      gate.writeLock().unlock();
    }
  }

  private void runAStore(int number, Point... points) throws Exception {
    over = false;
    LatencyStore store = open();
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = 0; i < RECORDERS; i++) {
        threads.add(
            start(recorder(store, "recorder-" + number + "-" + i, new Random(random.nextLong()))));
      }
      Random loads = new Random(random.nextLong());
      threads.add(start(() -> load(store, loads)));
      Random flushes = new Random(random.nextLong());
      threads.add(start(() -> store.flush(Duration.ofMillis(flushes.nextInt(50)))));
      for (int i = 0; i < QUIET_MOMENTS && failure.get() == null; i++) {
        failAtRandom(points);
        LockSupport.parkNanos(1_000_000L * random.nextInt(300));
        assertBalancedOnceQuiet(store);
      }
    } finally {
      over = true;
      for (Thread thread : threads) {
        thread.join();
      }
      failAtRandom(points);
      store.close(Duration.ofMillis(random.nextInt(200)));
      faulty.heal();
    }
    assertThat(failure.get()).as("seed %d", seed).isNull();
    assertBalanced(store.stats(), "seed " + seed);
  }

  private static long count(LatencyStore store, String component) {
    return store.summarize(LatencyQuery.all().component(component)).count();
  }

  private void run(Point... points) throws Exception {
    for (int i = 0; i < STORES; i++) {
      runAStore(i, points);
    }
    try (LatencyStore store = open()) {
      SpoolStores.awaitAdoption(file());
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      assertBalanced(store.stats(), "seed " + seed);
      assertThat(count(store, "component"))
          .as("what was loaded, and perhaps what nobody knew the outcome of, seed %d", seed)
          .isBetween(loaded, attempted);
      assertNothingTwice(store, "component", "seed " + seed);
      expected.forEach(
          (component, count) -> {
            assertThat(count(store, component))
                .as("%s, seed %d", component, seed)
                .isEqualTo(count.get());
            assertNothingTwice(store, component, "seed " + seed);
          });
    }
    assertThat(RawSql.row(file(), "PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void transactionsThatFailAtRandom() throws Exception {
    run(Point.OPEN_WRITER, Point.BEGIN_WRITE, Point.BEFORE_COMMIT, Point.AFTER_COMMIT);
  }

  @Test
  void transactionsAndQuestionsThatFailAtRandom() throws Exception {
    run(
        Point.OPEN_WRITER,
        Point.OPEN_READER,
        Point.BEGIN_WRITE,
        Point.BEGIN_READ,
        Point.BEFORE_COMMIT,
        Point.AFTER_COMMIT);
  }
}
