package io.latencystore.sqlite;

import static io.latencystore.sqlite.SpoolStores.assertBalanced;
import static io.latencystore.sqlite.SpoolStores.assertNumbered;
import static io.latencystore.sqlite.SpoolStores.eager;
import static io.latencystore.sqlite.SpoolStores.failure;
import static io.latencystore.sqlite.SpoolStores.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.StoreListener;
import io.latencystore.StoreState;
import io.latencystore.StoreStats;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Closing more than once, by several threads, while others record, flush, load and ask, and while
 * the database stands still.
 */
@Timeout(60)
final class SpoolCloseTest {

  private static final int IO = 10;
  private static final int RECORDERS = 3;
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration BOUND = Duration.ofSeconds(3);

  @TempDir Path directory;

  private final FaultyDialect faulty = new FaultyDialect(new SqliteDialect());
  private final CountDownLatch thaw = new CountDownLatch(1);

  private Path file() {
    return directory.resolve("latency.db");
  }

  @AfterEach
  void thaw() {
    thaw.countDown();
  }

  /** A place where the database stands still until the test ends. */
  private void freeze(CountDownLatch reached) throws SQLException {
    reached.countDown();
    try {
      thaw.await();
    } catch (InterruptedException e) {
      throw new SQLException(e);
    }
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "busy");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** How long a close takes, which may not take for ever. */
  private static Duration close(LatencyStore store, Duration timeout) throws Exception {
    long start = System.nanoTime();
    start(
            () -> {
              store.close(timeout);
              return true;
            })
        .get(30, TimeUnit.SECONDS);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Does something until the store is closed. */
  private static Callable<Boolean> untilClosed(LatencyStore store, Callable<?> work) {
    return () -> {
      while (store.stats().state() != StoreState.CLOSED) {
        try {
          work.call();
        } catch (RuntimeException e) {
          if (!(e.toString() + e.getCause()).contains("closed")) {
            throw e;
          }
        }
      }
      return true;
    };
  }

  @Test
  void severalThreadsCloseWhileOthersRecordFlushLoadAndAsk() throws Exception {
    LatencyStore store = eager(file()).open();
    AtomicLongArray recorded = new AtomicLongArray(RECORDERS);
    List<FutureTask<Boolean>> busy = new ArrayList<>();
    for (int i = 0; i < RECORDERS; i++) {
      int me = i;
      LatencyRecorder recorder = store.recorder("recorder-" + i, "command");
      busy.add(
          start(
              untilClosed(
                  store,
                  () -> {
                    long n = recorded.get(me);
                    recorder.record(Numbered.NOON + n, n);
                    recorded.set(me, n + 1);
                    return n;
                  })));
    }
    busy.add(start(untilClosed(store, store::flush)));
    busy.add(start(untilClosed(store, () -> store.summarize(LatencyQuery.all()))));
    busy.add(start(untilClosed(store, () -> store.append(Numbered.measurements(0, 100)))));
    Await.until("all are busy", Duration.ofSeconds(20), () -> recorded.get(0) > 50_000);
    long[] before = new long[RECORDERS];
    for (int i = 0; i < RECORDERS; i++) {
      before[i] = recorded.get(i);
    }

    List<FutureTask<Duration>> closing = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      closing.add(start(() -> close(store, Duration.ofSeconds(10))));
    }
    for (FutureTask<Duration> each : closing) {
      assertThat(each.get(30, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(20));
    }
    for (FutureTask<Boolean> each : busy) {
      assertThat(each.get(20, TimeUnit.SECONDS)).isTrue();
    }

    StoreStats stats = store.stats();
    assertBalanced(stats);
    assertThat(close(store, SOON)).as("again").isLessThan(SOON);
    assertThat(store.stats()).isEqualTo(stats);
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      if (stats.pending() > 0) {
        SpoolStores.awaitAdoption(file());
      }
      assertThat(next.summarize(LatencyQuery.all()).count())
          .isEqualTo(stats.committed() + stats.pending());
      for (int i = 0; i < RECORDERS; i++) {
        assertBeginning(next, "recorder-" + i, before[i]);
      }
    }
  }

  /** Asserts that a recorder's numbers are there up to one that is not below this. */
  private static void assertBeginning(LatencyStore store, String component, long least) {
    LatencySummary summary = store.summarize(LatencyQuery.all().component(component));
    long count = summary.count();
    assertThat(count).as(component).isGreaterThanOrEqualTo(least);
    assertThat(summary.sumMicros())
        .as(component)
        .isEqualTo(BigInteger.valueOf(count * (count - 1) / 2));
  }

  @Test
  void aStoreWhoseCommitStandsStillClosesInTime() throws Exception {
    LatencyStore store = SpoolStores.open(eager(file()), faulty);
    record(store, "c", 0, 100);
    store.flush();
    CountDownLatch frozen = new CountDownLatch(1);
    faulty.at(Point.BEFORE_COMMIT, arrival -> freeze(frozen));
    record(store, "c", 100, 1_000);
    assertThat(frozen.await(10, TimeUnit.SECONDS)).isTrue();
    FutureTask<Object> flush =
        start(
            () -> {
              try {
                return store.flush(Duration.ofSeconds(20));
              } catch (RuntimeException e) {
                return e;
              }
            });

    Duration took = close(store, SOON);

    assertThat(took).isLessThan(BOUND);
    StoreStats stats = store.stats();
    assertBalanced(stats);
    assertThat(stats.committed()).isEqualTo(100);
    thaw();
    assertThat(flush.get(25, TimeUnit.SECONDS)).isNotNull();
    Await.until("the writer ends", Duration.ofSeconds(10), () -> !isAlive("latency-writer"));
    assertThat(store.stats().state()).as("for ever").isEqualTo(StoreState.CLOSED);
    assertBalanced(store.stats());
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      SpoolStores.awaitAdoption(file());
      assertNumbered(next, "c", 1_000);
    }
  }

  private static boolean isAlive(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(name));
  }

  @Test
  void aStoreWhoseQuestionStandsStillClosesInTime() throws Exception {
    LatencyStore store = SpoolStores.open(eager(file()), faulty);
    record(store, "c", 0, 1_000);
    store.flush();
    CountDownLatch frozen = new CountDownLatch(1);
    faulty.at(Point.BEGIN_READ, arrival -> freeze(frozen));
    FutureTask<Object> question =
        start(
            () -> {
              try {
                return store.summarize(LatencyQuery.all());
              } catch (RuntimeException e) {
                return e;
              }
            });
    assertThat(frozen.await(10, TimeUnit.SECONDS)).isTrue();
    record(store, "c", 1_000, 2_000);

    Duration took = close(store, SOON);

    assertThat(took).isLessThan(BOUND);
    assertBalanced(store.stats());
    thaw();
    assertThat(question.get(10, TimeUnit.SECONDS)).isNotNull();
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      assertNumbered(next, "c", 2_000);
    }
  }

  @Test
  void aStoreThatStartsInTheBackgroundAndStandsStillClosesInTime() throws Exception {
    CountDownLatch frozen = new CountDownLatch(1);
    faulty.at(Point.OPEN_WRITER, arrival -> freeze(frozen));
    LatencyStore store = SpoolStores.open(eager(file()).startInBackground(), faulty);
    record(store, "c", 0, 1_000);
    assertThat(frozen.await(10, TimeUnit.SECONDS)).isTrue();

    Duration took = close(store, SOON);

    assertThat(took).isLessThan(BOUND);
    assertThat(store.stats().pending()).isEqualTo(1_000);
    thaw();
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      SpoolStores.awaitAdoption(file());
      assertNumbered(next, "c", 1_000);
    }
  }

  @Test
  void aStoreThatIsGivenNoTimeKeepsWhatItCouldNotStore() throws Exception {
    LatencyStore store = SpoolStores.open(eager(file()), faulty);
    faulty.at(Point.BEGIN_WRITE, FaultyDialect.always(failure(IO)));
    record(store, "c", 0, 1_000);

    assertThat(close(store, Duration.ZERO)).isLessThan(BOUND);

    assertThat(store.stats().pending()).isEqualTo(1_000);
    assertBalanced(store.stats());
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      SpoolStores.awaitAdoption(file());
      assertNumbered(next, "c", 1_000);
    }
  }

  @Test
  void aListenerMayCloseTheStore() throws Exception {
    AtomicReference<@Nullable LatencyStore> opened = new AtomicReference<>();
    StoreListener closing =
        new StoreListener() {
          @Override
          public void stateChanged(StoreState before, StoreState now, @Nullable Throwable cause) {
            LatencyStore store = opened.get();
            if (now == StoreState.SPOOLING && store != null) {
              store.close(SOON);
            }
          }
        };
    LatencyStore store = SpoolStores.open(eager(file()).listener(closing), faulty);
    opened.set(store);
    faulty.at(Point.BEGIN_WRITE, FaultyDialect.always(failure(IO)));
    record(store, "c", 0, 1_000);

    Await.until(
        "it is closed", BOUND.plusSeconds(2), () -> store.stats().state() == StoreState.CLOSED);

    assertThat(close(store, SOON)).isLessThan(BOUND);
    assertBalanced(store.stats());
    assertThat(store.stats().totalDropped() + store.stats().pending()).isEqualTo(1_000);
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      SpoolStores.awaitAdoption(file());
      assertNumbered(next, "c", store.stats().pending());
    }
    assertThat(Files.exists(SpoolStores.spools(file()))).isFalse();
  }
}
