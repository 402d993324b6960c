package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Micros;
import io.latencystore.StoreLayout;
import io.latencystore.policy.Expiry;
import io.latencystore.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Closing while a step of maintenance waits for a table that somebody else has locked. */
@Timeout(90)
final class MaintenanceCloseTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration BOUND = Duration.ofSeconds(6);
  private static final int BLOCK = 100;
  private static final int BLOCKS = 10;
  private static final int EXPIRED = 5 * BLOCK;

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @TempDir Path spools;

  private final Ledger ledger = new Ledger();
  private volatile boolean expiring;

  private LatencyStore open(StoreLayout layout) {
    return LatencyStore.builder(database.url())
        .layout(layout)
        .spoolDirectory(spools)
        .maintenanceInterval(Duration.ofMillis(10))
        .retention(
            stored ->
                expiring
                    ? Expiry.before(Micros.toInstant(Numbered.NOON + EXPIRED + 1))
                    : Expiry.nothing())
        .open();
  }

  private static String table(StoreLayout layout) {
    return layout == StoreLayout.BLOCKS ? "latency_block" : "latency_event";
  }

  private static String weight(StoreLayout layout) {
    return layout == StoreLayout.BLOCKS ? "count" : "1";
  }

  private static boolean anyThreadOfAStore() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().matches("latency-(maintenance|writer|close)"));
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(database.ask(sql).get(0));
  }

  @ParameterizedTest
  @CsvSource({"BLOCKS, ACCESS EXCLUSIVE, 0", "BLOCKS, SHARE, 1000", "ROWS, SHARE, 0"})
  void itEndsInTimeLosesNothingAndNobodyWritesAfterwards(
      StoreLayout layout, String mode, int pending) throws Exception {
    LatencyStore store = open(layout);
    for (int block = 0; block < BLOCKS; block++) {
      ledger.record(store, "c", BLOCK);
      store.flush();
    }
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE " + table(layout) + " IN " + mode + " MODE");
      expiring = true;
      Await.until(
          "maintenance waits",
          PATIENCE,
          () -> number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
      ledger.record(store, "c", pending);
      long start = System.nanoTime();

      store.close(SOON);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
      assertThat(store.stats().pending()).isEqualTo(pending);
      Ledger.assertBalanced(store.stats(), "");
      other.rollback();
    }
    Await.until("its threads end", PATIENCE, () -> !anyThreadOfAStore());
    Await.until(
        "its sessions end",
        PATIENCE,
        () ->
            number(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'latency-store'"
                        + " AND datname = current_database()")
                == 0);
    assertThat(number("SELECT sum(" + weight(layout) + ") FROM " + table(layout)))
        .isEqualTo(BLOCKS * BLOCK);
    try (LatencyStore next = open(layout)) {
      Await.until("every spool is adopted", PATIENCE, () -> spoolsLeft() == 1);
      next.maintenance().applyRetention();
      assertThat(next.summarize(LatencyQuery.all()).count())
          .isEqualTo(BLOCKS * BLOCK - EXPIRED + pending);
    }
    assertThat(number("SELECT count(*) FROM latency_producer")).isZero();
  }

  private long spoolsLeft() throws Exception {
    try (Stream<Path> left = Files.list(spools).filter(Files::isDirectory)) {
      return left.count();
    }
  }
}
