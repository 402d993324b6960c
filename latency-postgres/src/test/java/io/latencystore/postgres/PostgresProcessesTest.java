package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.StoreStats;
import io.latencystore.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Ten processes that record into one server, for {@code -Dlatency.seconds}. */
@Timeout(300)
class PostgresProcessesTest {

  private static final int TOGETHER = 10;
  private static final int KILLS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final String run = "again with -Dlatency.seed=" + seed;
  private final List<RecordingProcess> processes = new ArrayList<>();

  @AfterEach
  void endAll() {
    processes.forEach(RecordingProcess::close);
  }

  Duration time() {
    return Duration.ofSeconds(Long.getLong("latency.seconds", 30));
  }

  private Path spools() {
    return directory.resolve("spools");
  }

  private RecordingProcess start() throws Exception {
    RecordingProcess process =
        RecordingProcess.start(
            RecordingChild.class,
            "process" + processes.size(),
            directory,
            database.environment(spools(), "PT0.05S"));
    processes.add(process);
    return process;
  }

  @Test
  void whatTenProcessesRecordIsStoredOnceThoughSomeAreKilled() throws Exception {
    Random random = new Random(seed);
    List<RecordingProcess> alive = new ArrayList<>();
    while (alive.size() < TOGETHER) {
      alive.add(start());
    }
    for (RecordingProcess process : alive) {
      process.awaitRecording();
    }
    long time = time().toNanos();
    long deadline = System.nanoTime() + time;
    for (int killed = 0; killed < KILLS; killed++) {
      parkUntil(deadline - time * (KILLS - killed) / (KILLS + 1));
      alive.remove(random.nextInt(alive.size())).kill();
      alive.add(start());
    }
    parkUntil(deadline);
    for (RecordingProcess process : alive) {
      process.awaitRecording();
      process.tellToEnd();
    }
    for (RecordingProcess process : alive) {
      process.awaitEnd();
    }

    assertEverythingIsStoredOnce();
    assertThat(
            database.ask(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
        .as(run)
        .containsExactly("0");
  }

  private static void parkUntil(long deadline) {
    for (long left = 1; left > 0; left = deadline - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Opens the store, which adopts what is left, and looks. */
  private void assertEverythingIsStoredOnce() throws Exception {
    try (LatencyStore store =
        LatencyStore.builder(database.url()).spoolDirectory(spools()).open()) {
      Await.until("every spool is adopted, " + run, PATIENCE, () -> spoolsLeft() == 1);
      SortedMap<Series, LatencySummary> stored = store.summarizeBySeries(LatencyQuery.all());

      long own = 0;
      long shared = 0;
      for (RecordingProcess process : processes) {
        process.assertStored(stored, run);
        own += process.acknowledged().own();
        shared += process.acknowledged().shared();
      }
      assertThat(own).as(run).isGreaterThan(time().toSeconds() * 1_000);
      LatencySummary all = store.summarize(LatencyQuery.all().component(RecordingChild.SHARED));
      assertThat(all.count())
          .as(run)
          .isBetween(shared, shared + (long) KILLS * RecordingChild.THREADS);
      StoreStats stats = store.stats();
      assertThat(stats.adopted()).isEqualTo(stats.committed());
      assertThat(database.ask("SELECT count(*) FROM latency_producer"))
          .as("the rows of the dead are gone")
          .containsExactly("0");
    }
  }

  private long spoolsLeft() throws Exception {
    try (Stream<Path> left = Files.list(spools()).filter(Files::isDirectory)) {
      return left.count();
    }
  }
}
