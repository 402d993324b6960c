package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import io.latencystore.Series;
import io.latencystore.StoreLayout;
import io.latencystore.policy.Expiry;
import io.latencystore.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four processes that record for {@code -Dlatency.processSeconds} at least, each with its
 * maintenance on, while partitions are dropped and blocks are merged; one of them is killed.
 */
@Timeout(180)
final class RetentionProcessesTest {

  private static final long SECONDS = Long.getLong("latency.processSeconds", 3);
  private static final int PROCESSES = 4;
  private static final int DROPS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long WIDTH = 32 * 86_400_000_000L;
  private static final long FIRST_SLOT = Numbered.NOON / WIDTH;

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @TempDir Path directory;

  private final List<RecordingProcess> processes = new ArrayList<>();

  @AfterEach
  void endAll() {
    processes.forEach(RecordingProcess::close);
  }

  private Path spools() {
    return directory.resolve("spools");
  }

  private void start(long begunMillis) throws Exception {
    processes.add(
        RecordingProcess.start(
            ExpiringChild.class,
            "process" + processes.size(),
            directory,
            database.environment(spools(), "PT0.02S"),
            Long.toString(begunMillis)));
  }

  private static String table(StoreLayout layout) {
    return layout == StoreLayout.BLOCKS ? "latency_block" : "latency_event";
  }

  /** How many slots since the first one have no partition any more. */
  private long dropped(StoreLayout layout) throws SQLException {
    String earliest =
        database
            .ask(
                "SELECT min(substring(c.relname from '_slot_(\\d+)$')::bigint) FROM pg_inherits i"
                    + " JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '"
                    + table(layout)
                    + "'::regclass")
            .get(0);
    return earliest == null ? 0 : Long.parseLong(earliest) - FIRST_SLOT;
  }

  private long merged() {
    return processes.stream().mapToLong(process -> process.acknowledged().merged()).sum();
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  void nothingThatHasNotExpiredIsMissingAndNothingElseIsThere(StoreLayout layout) throws Exception {
    LatencyStore.builder(database.url()).layout(layout).open().close();
    long begun = System.nanoTime();
    long begunMillis = Clock.systemUTC().millis();
    for (int i = 0; i < PROCESSES; i++) {
      start(begunMillis);
    }
    for (RecordingProcess process : processes) {
      process.awaitRecording();
    }
    Await.until(
        "partitions are dropped and blocks are merged",
        PATIENCE.plusSeconds(SECONDS),
        () ->
            dropped(layout) >= DROPS
                && (layout == StoreLayout.ROWS || merged() > 0)
                && System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS));
    processes.get(0).kill();
    long before = dropped(layout);
    Await.until("another is dropped", PATIENCE, () -> dropped(layout) > before);
    for (RecordingProcess process : processes.subList(1, PROCESSES)) {
      process.tellToEnd();
    }
    for (RecordingProcess process : processes.subList(1, PROCESSES)) {
      process.awaitEnd();
    }

    assertExactlyWhatHasNotExpiredIsStored(layout);
    assertThat(
            database.ask(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
        .containsExactly("0");
  }

  /** Opens the store, which adopts what is left, and looks. */
  private void assertExactlyWhatHasNotExpiredIsStored(StoreLayout layout) throws Exception {
    try (LatencyStore store =
        LatencyStore.builder(database.url()).spoolDirectory(spools()).open()) {
      Await.until("every spool is adopted", PATIENCE, () -> spoolsLeft() == 1);
      long cutoff =
          Micros.clamped(
              Objects.requireNonNull(
                  store.maintenance().planRetention(stored -> Expiry.nothing()).cutoff()));
      SortedMap<Series, LatencySummary> stored = store.summarizeBySeries(LatencyQuery.all());

      for (RecordingProcess process : processes) {
        process.assertStored(ExpiringChild.firstAfter(cutoff), stored);
      }
      assertThat(stored).hasSizeGreaterThanOrEqualTo(RecordingChild.THREADS * (PROCESSES - 1));
      store.maintenance().applyRetention(any -> Expiry.before(Micros.toInstant(cutoff)));
      assertThat(dropped(layout)).isEqualTo(cutoff / WIDTH - FIRST_SLOT);
    }
  }

  private long spoolsLeft() throws Exception {
    try (Stream<Path> left = Files.list(spools()).filter(Files::isDirectory)) {
      return left.count();
    }
  }
}
