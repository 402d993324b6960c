package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import io.latencystore.policy.Expiry;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Closing while a step of maintenance waits for the lock, which another process holds. */
@Timeout(60)
final class MaintenanceCloseTest {

  private static final String MAINTENANCE = "latency-maintenance";
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration BOUND = Duration.ofSeconds(4);
  private static final int EXPIRED = 500;

  @TempDir Path directory;

  private final FaultyDialect faulty = new FaultyDialect(new SqliteDialect());
  private volatile boolean expiring;

  private Path file() {
    return directory.resolve("latency.db");
  }

  private LatencyStore open(StoreLayout layout) {
    return SpoolStores.open(
        SpoolStores.eager(file())
            .layout(layout)
            .appendBatch(100)
            .maintenanceInterval(Duration.ofMillis(10))
            .retention(
                stored ->
                    expiring
                        ? Expiry.before(Numbered.NOON_INSTANT.plusNanos(EXPIRED * 1_000))
                        : Expiry.nothing()),
        faulty);
  }

  private static boolean anyThreadOfAStore() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().matches("latency-(maintenance|writer|close)"));
  }

  /** What changes with every commit of another connection. */
  private static List<String> version(Connection connection) throws Exception {
    return RawSql.row(connection, "PRAGMA data_version");
  }

  private void awaitMaintenance(CountDownLatch reached) throws Exception {
    expiring = true;
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Closes, which may not take long. */
  private static void close(LatencyStore store, int pending) {
    long start = System.nanoTime();
    store.close(SOON);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    assertThat(store.stats().pending()).isEqualTo(pending);
    SpoolStores.assertBalanced(store.stats());
  }

  private void assertNothingIsLost(int count) throws Exception {
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      SpoolStores.awaitAdoption(file());
      SpoolStores.assertNumbered(next, "c", count);
    }
    assertThat(Files.exists(SpoolStores.spools(file()))).isFalse();
    assertThat(RawSql.row(file(), "SELECT count(*) FROM latency_producer")).containsExactly("0");
  }

  @ParameterizedTest
  @CsvSource({"BLOCKS, 0", "BLOCKS, 1000", "ROWS, 0"})
  void whileAnotherProcessHoldsTheLockItEndsInTime(StoreLayout layout, int pending)
      throws Exception {
    LatencyStore store = open(layout);
    SpoolStores.record(store, "c", 0, 1_000);
    store.flush();
    CountDownLatch waiting = new CountDownLatch(1);
    faulty.at(
        Point.BEGIN_WRITE,
        arrival -> {
          if (Thread.currentThread().getName().equals(MAINTENANCE)) {
            waiting.countDown();
          }
        });
    try (Connection other = RawSql.open(file())) {
      RawSql.execute(other, "BEGIN IMMEDIATE");
      List<String> before = version(other);
      awaitMaintenance(waiting);
      SpoolStores.record(store, "c", 1_000, 1_000 + pending);

      close(store, pending);

      RawSql.execute(other, "ROLLBACK");
      Await.until("its threads end", Duration.ofSeconds(20), () -> !anyThreadOfAStore());
      assertThat(version(other)).isEqualTo(before);
    }
    assertNothingIsLost(1_000 + pending);
  }

  private static void await(CountDownLatch latch) throws SQLException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new SQLException(e);
    }
  }

  @Test
  void aStepThatGoesOnAfterwardsWritesNothing() throws Exception {
    LatencyStore store = open(StoreLayout.BLOCKS);
    SpoolStores.record(store, "c", 0, 1_000);
    store.flush();
    CountDownLatch standing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    faulty.at(
        Point.BEGIN_WRITE,
        arrival -> {
          if (Thread.currentThread().getName().equals(MAINTENANCE)) {
            standing.countDown();
            await(goOn);
          }
        });
    awaitMaintenance(standing);

    close(store, 0);

    try (Connection other = RawSql.open(file())) {
      List<String> before = version(other);
      goOn.countDown();
      Await.until("its threads end", Duration.ofSeconds(20), () -> !anyThreadOfAStore());
      assertThat(version(other)).isEqualTo(before);
    }
    assertNothingIsLost(1_000);
  }
}
