package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.StoreLayout;
import io.latencystore.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several processes that record in one file for {@code -Dlatency.processSeconds}, of which some are
 * killed and the others adopt what those leave, and end well.
 */
final class SpoolProcessesTest {

  private static final long SECONDS = Long.getLong("latency.processSeconds", 3);
  private static final int BUSY = 5;

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final Random random = new Random(seed);
  private final List<SpoolProcess> all = new ArrayList<>();
  private final List<SpoolProcess> alive = new ArrayList<>();
  private String verb = "record-until-told";

  private Path file() {
    return directory.resolve("latency.db");
  }

  private void start() throws Exception {
    SpoolProcess process =
        SpoolProcess.start(directory, verb, "sqlite:" + file(), "process" + all.size(), 0);
    all.add(process);
    alive.add(process);
    process.awaitReady();
  }

  private void killOneAndStartAnother() throws Exception {
    alive.remove(random.nextInt(alive.size())).kill();
    start();
  }

  private static boolean canWrite(Connection connection) throws SQLException {
    try {
      RawSql.execute(connection, "BEGIN IMMEDIATE", "ROLLBACK");
      return true;
    } catch (SQLException e) {
      assertThat(e.getErrorCode()).isEqualTo(BUSY);
      return false;
    }
  }

  private long spools() throws Exception {
    try (Stream<Path> spools = Files.list(SpoolStores.spools(file()))) {
      return spools.count();
    }
  }

  @ParameterizedTest
  @CsvSource({"2, BLOCKS", "4, BLOCKS", "4, ROWS"})
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void thoseWhoLiveStoreWhatTheDeadLeftAndAllOfTheirOwn(int together, StoreLayout layout)
      throws Exception {
    LatencyStore.builder("sqlite:" + file()).layout(layout).open().close();
    if (layout == StoreLayout.ROWS) {
      verb = "record-calmly-until-told"; // Or they record more than anybody can insert meanwhile.
    }
    long longestWait = 0;
    for (int i = 0; i < together; i++) {
      start();
    }
    try (Connection foreign = RawSql.open(file())) {
      RawSql.execute(foreign, "PRAGMA busy_timeout = 0");
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      long nextKill = 0;
      long wrote = System.nanoTime();
      for (long now = wrote; now < end; now = System.nanoTime()) {
        if (canWrite(foreign)) {
          longestWait = Math.max(longestWait, now - wrote);
          wrote = now;
        }
        if (now > nextKill) {
          killOneAndStartAnother();
          nextKill = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(800));
        }
        LockSupport.parkNanos(1_000_000);
      }
    }
    Await.until(
        "the living have adopted what the dead left",
        Duration.ofSeconds(30),
        () -> spools() == together);
    for (SpoolProcess survivor : alive) {
      survivor.tellToEnd();
    }
    for (SpoolProcess survivor : alive) {
      assertThat(survivor.awaitEnd()).as("seed %d", seed).isEqualTo("all committed");
    }

    assertThat(Duration.ofNanos(longestWait))
        .as("nobody holds the lock between batches")
        .isLessThan(Duration.ofSeconds(3));
    assertThat(Files.exists(SpoolStores.spools(file()))).isFalse();
    try (LatencyStore store = LatencyStore.open("sqlite:" + file())) {
      SortedMap<Series, LatencySummary> stored = store.summarizeBySeries(LatencyQuery.all());
      for (SpoolProcess process : all) {
        process.close();
        process.assertStored(stored, "seed " + seed);
      }
    }
    assertThat(all).hasSizeGreaterThan(together);
    assertThat(RawSql.row(file(), "PRAGMA integrity_check")).containsExactly("ok");
  }
}
