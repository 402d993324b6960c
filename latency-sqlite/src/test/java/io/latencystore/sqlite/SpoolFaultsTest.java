package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.StoreListener;
import io.latencystore.StoreState;
import io.latencystore.StoreStats;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.store.SqlStoreProvider;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import io.latencystore.testkit.ManualClock;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of recorded measurements while the database file is refused, locked or changed. */
@Timeout(180)
class SpoolFaultsTest {

  private static final int SQLITE_FULL = 13;
  private static final Duration LOCKED =
      Duration.ofSeconds(Long.getLong("latency.lockSeconds", 15));

  @TempDir Path directory;

  Duration locked() {
    return LOCKED;
  }

  private Path file() {
    return directory.resolve("latency.db");
  }

  String url() {
    return "sqlite:" + file();
  }

  private LatencyStoreBuilder eager() {
    return LatencyStore.builder(url())
        .batch(BatchPolicy.upTo(100).or(BatchPolicy.within(Duration.ofMillis(5))))
        .retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(10)));
  }

  private static LatencyMeasurement named(
      String component, long number, @Nullable String metadata) {
    return LatencyMeasurement.ofMicros(
        Numbered.NOON + number, number, component, "command", true, metadata);
  }

  private static void assertBalanced(StoreStats stats) {
    assertThat(stats.recorded() + stats.appended() + stats.adopted())
        .as("%s", stats)
        .isEqualTo(stats.committed() + stats.pending() + stats.totalDropped());
  }

  private static void assertNumbered(LatencyStore store, String component, long count) {
    LatencySummary summary = store.summarize(LatencyQuery.all().component(component));
    assertThat(summary.count()).isEqualTo(count);
    assertThat(summary.sumMicros()).isEqualTo(BigInteger.valueOf(count * (count - 1) / 2));
  }

  private void refuseSeries(String component) throws SQLException {
    LatencyStore.open(url()).close();
    RawSql.execute(
        file(),
        "CREATE TRIGGER refuse BEFORE INSERT ON latency_series WHEN NEW.component = '"
            + component
            + "' BEGIN SELECT RAISE(ABORT, 'no such series, \"please\"'); END");
  }

  @Test
  void whatTheDatabaseRefusesIsPutAsideAndTheRestIsStored() throws Exception {
    refuseSeries("poison");
    List<LatencyMeasurement> heard = new CopyOnWriteArrayList<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void deadLettered(LatencyMeasurement measurement, Throwable cause) {
            heard.add(measurement);
          }
        };
    try (LatencyStore store =
        eager().batch(BatchPolicy.within(Duration.ofHours(1))).listener(listener).open()) {
      for (int i = 0; i < 500; i++) {
        store.record(named("good", i, i % 7 == 0 ? "m".repeat(i * 20) : null));
        if (i == 10 || i == 11 || i == 400) {
          store.record(
              named("poison", i, i == 400 ? "line\nbreak \"and\" more ".repeat(50) : null));
        }
      }

      assertThat(store.flush(Duration.ofSeconds(60))).isEqualTo(FlushResult.STORED);

      assertNumbered(store, "good", 500);
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(500);
      assertThat(store.stats().totalDropped()).isEqualTo(3);
      assertThat(store.stats().committed()).isEqualTo(500);
      assertBalanced(store.stats());
      assertThat(heard)
          .extracting(LatencyMeasurement::latencyMicros)
          .containsExactly(10L, 11L, 400L);
      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    }
    List<String> lines =
        Files.readAllLines(directory.resolve("latency.db.spool").resolve("dead-letters.jsonl"));
    assertThat(lines)
        .hasSize(3)
        .allMatch(line -> line.matches("\\{\"producer\":\"[0-9a-f]+\",\"position\":\\d+,.*\\}"))
        .allMatch(line -> line.contains("\"component\":\"poison\""))
        .allMatch(line -> line.contains("no such series, \\\"please\\\""));
    assertThat(lines.get(2)).contains("line\\u000abreak \\\"and\\\" more ");
  }

  @Test
  void aRefusedMeasurementBesideOneWithMuchMetadataIsFound() throws Exception {
    refuseSeries("poison");
    try (LatencyStore store = eager().batch(BatchPolicy.within(Duration.ofHours(1))).open()) {
      store.record(named("poison", 0, null));
      store.record(named("good", 0, "m".repeat(16_000)));

      assertThat(store.flush(Duration.ofSeconds(20))).isEqualTo(FlushResult.STORED);

      assertNumbered(store, "good", 1);
      assertThat(store.stats().totalDropped()).isEqualTo(1);
      assertBalanced(store.stats());
    }
  }

  /** A flush used to go by how the last attempt had ended, however long ago that was. */
  @Test
  void aFlushTriesADatabaseAnewThatFailedForLong() throws Exception {
    FaultyDialect faulty = new FaultyDialect(new SqliteDialect());
    RetryPolicy slow = failures -> failures < 5 ? Duration.ofMillis(1) : Duration.ofHours(1);
    try (LatencyStore store =
        SqlStoreProvider.open(LatencyStore.builder(url()).retry(slow).options(), faulty)) {
      faulty.at(
          Point.BEFORE_COMMIT,
          FaultyDialect.always(new SQLException("database or disk is full", "", SQLITE_FULL)));
      store.record(Numbered.measurement("c", 0));
      assertThat(store.flush(Duration.ofSeconds(20))).isEqualTo(FlushResult.SPOOLED);
      assertThat(store.stats().state()).isEqualTo(StoreState.SPOOLING);
      assertThat(store.flush(Duration.ofSeconds(20))).isEqualTo(FlushResult.SPOOLED);

      faulty.heal();

      assertThat(store.flush(Duration.ofSeconds(20))).isEqualTo(FlushResult.STORED);
      assertNumbered(store, "c", 1);
    }
  }

  @Test
  void aFullDiskIsOutlivedAndNoticedWhenItIsOver() throws Exception {
    FaultyDialect faulty = new FaultyDialect(new SqliteDialect());
    try (LatencyStore store =
        SqlStoreProvider.open(LatencyStore.builder(url()).options(), faulty)) {
      SQLException full = new SQLException("database or disk is full", "", SQLITE_FULL);
      faulty.at(Point.BEFORE_COMMIT, FaultyDialect.always(full));
      for (int i = 0; i < 1_000; i++) {
        store.record(Numbered.measurement("c", i));
      }
      assertThat(store.flush(Duration.ofSeconds(4))).isEqualTo(FlushResult.SPOOLED);
      faulty.at(Point.BEFORE_COMMIT, arrival -> {});
      faulty.at(Point.BEGIN_WRITE, FaultyDialect.always(full));
      for (int i = 1_000; i < 2_000; i++) {
        store.record(Numbered.measurement("c", i));
      }
      assertThat(store.flush(Duration.ofSeconds(4))).isEqualTo(FlushResult.SPOOLED);
      assertThat(store.stats().pending()).isEqualTo(2_000);
      assertNumbered(store, "c", 2_000);

      faulty.heal();

      Await.until("it goes on", Duration.ofSeconds(10), () -> store.stats().pending() == 0);
      assertThat(store.stats().committed()).isEqualTo(2_000);
      assertBalanced(store.stats());
    }
    try (LatencyStore store = LatencyStore.open(url())) {
      assertNumbered(store, "c", 2_000);
    }
  }

  @Test
  void anotherProcessThatHoldsTheLockForLongDelaysNothingButTheCommit() throws Exception {
    try (LatencyStore store = eager().open();
        Child holder = Child.start("lock", file().toString())) {
      holder.awaitLine("ready");
      long deadline = System.nanoTime() + locked().toNanos();
      long recorded = 0;
      long longest = 0;
      while (System.nanoTime() < deadline) {
        for (int i = 0; i < 100; i++, recorded++) {
          long start = System.nanoTime();
          store.record(Numbered.measurement("c", recorded));
          longest = Math.max(longest, System.nanoTime() - start);
        }
        assertThat(store.flush(Duration.ofSeconds(1))).isEqualTo(FlushResult.SPOOLED);
        assertNumbered(store, "c", recorded);
      }
      assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(2));

      holder.go();
      holder.awaitEnd();

      assertThat(store.flush(Duration.ofSeconds(15))).isEqualTo(FlushResult.STORED);
      assertNumbered(store, "c", recorded);
      assertBalanced(store.stats());
      assertThat(store.stats().committed()).isEqualTo(recorded);
    }
  }

  /** What a power cut could still take used to go from the spool when a reader was in the way. */
  @Test
  void aRelaxedStoreKeepsInTheSpoolWhatIsNotInTheDatabaseFileYet() throws Exception {
    try (LatencyStore store = eager().relaxed().open();
        Connection reader = RawSql.open(file())) {
      RawSql.execute(reader, "BEGIN");
      RawSql.execute(reader, "SELECT count(*) FROM latency_series");
      for (int i = 0; i < 100; i++) {
        store.record(Numbered.measurement("c", i));
      }

      assertThat(store.flush(Duration.ofSeconds(2))).isEqualTo(FlushResult.SPOOLED);
      assertNumbered(store, "c", 100);

      RawSql.execute(reader, "COMMIT");
      assertThat(store.flush(Duration.ofSeconds(20))).isEqualTo(FlushResult.STORED);
      assertNumbered(store, "c", 100);
      assertBalanced(store.stats());
    }
  }

  @Test
  void closingIsBoundedWhileAnotherProcessHoldsTheLock() throws Exception {
    LatencyStore store = eager().open();
    store.append(Numbered.measurements(0, 10));
    try (Child holder = Child.start("lock", file().toString())) {
      holder.awaitLine("ready");
      for (int i = 10; i < 1_010; i++) {
        store.record(Numbered.measurement("component", i));
      }
      long start = System.nanoTime();

      store.close(Duration.ofMillis(500));

      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertThat(took).isLessThan(Duration.ofSeconds(3));
      assertThat(store.stats().pending()).isEqualTo(1_000);
      assertBalanced(store.stats());
      holder.go();
      holder.awaitEnd();
    }
    try (LatencyStore next = LatencyStore.open(url())) {
      Await.until("it is adopted", Duration.ofSeconds(20), () -> next.stats().adopted() == 1_000);
      assertNumbered(next, "component", 1_010);
    }
  }

  @Test
  void aProducerWhoseRowIsDeletedGoesOn() throws Exception {
    try (LatencyStore store = eager().open()) {
      for (int i = 0; i < 100; i++) {
        store.record(Numbered.measurement("c", i));
      }
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      RawSql.execute(file(), "DELETE FROM latency_producer");

      for (int i = 100; i < 200; i++) {
        store.record(Numbered.measurement("c", i));
      }
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);

      assertNumbered(store, "c", 200);
      assertBalanced(store.stats());
    }
    try (LatencyStore store = LatencyStore.open(url())) {
      assertNumbered(store, "c", 200);
    }
  }

  @Test
  void aProducerWhosePositionIsSetBackStoresNothingTwice() throws Exception {
    try (LatencyStore store = eager().open()) {
      for (int i = 0; i < 100; i++) {
        store.record(Numbered.measurement("c", i));
      }
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      for (int round = 1; round <= 5; round++) {
        RawSql.execute(file(), "UPDATE latency_producer SET position = " + 10 * round);
        for (int i = 0; i < 100; i++) {
          store.record(Numbered.measurement("c", 100L * round + i));
        }
        assertThat(store.flush()).isEqualTo(FlushResult.STORED);

        assertNumbered(store, "c", 100L * (round + 1));
        assertBalanced(store.stats());
      }
    }
  }

  private void deleteTheDatabase() throws Exception {
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(directory.resolve("latency.db" + suffix));
    }
  }

  @Test
  void aFileThatIsDeletedWhileOpenIsMadeAnewAndNothingRecordedSinceIsLost() throws Exception {
    try (LatencyStore store = eager().open()) {
      store.record(Numbered.measurement("before", 0));
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      String storeId = store.check().storeId();
      deleteTheDatabase();

      for (int i = 0; i < 100; i++) {
        store.record(Numbered.measurement("c", i));
      }
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);

      assertThat(store.check().storeId()).isNotEqualTo(storeId);
      assertNumbered(store, "c", 100);
      store.append(List.of(Numbered.measurement("appended", 0)));
      assertBalanced(store.stats());
    }
    try (LatencyStore store = LatencyStore.open(url())) {
      assertNumbered(store, "c", 100);
      assertThat(store.series()).extracting(Series::component).containsExactly("appended", "c");
    }
  }

  @Test
  void aQuestionAndALoadAfterTheFileWasDeletedFindAnEmptyOne() throws Exception {
    try (LatencyStore store = eager().open()) {
      store.append(List.of(Numbered.measurement("c", 0)));
      assertNumbered(store, "c", 1);
      deleteTheDatabase();

      assertThat(store.summarize(LatencyQuery.all()).count()).isZero();
      deleteTheDatabase();
      assertThat(store.append(List.of(Numbered.measurement("d", 0)))).isEqualTo(1);

      assertNumbered(store, "d", 1);
    }
  }

  @Test
  void aFileThatIsReplacedWhileOpenIsNoticed() throws Exception {
    Path other = directory.resolve("other.db");
    try (LatencyStore store = LatencyStore.open("sqlite:" + other)) {
      store.append(List.of(Numbered.measurement("other", 0)));
    }
    try (LatencyStore store = eager().open()) {
      store.record(Numbered.measurement("c", 0));
      store.flush();
      deleteTheDatabase();
      Files.move(other, file());

      store.record(Numbered.measurement("c", 1));
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);

      assertThat(store.series()).extracting(Series::component).containsExactly("c", "other");
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(2);
    }
  }

  @Test
  void aSecondClassLoaderIsRefusedWhileASpoolIsThere() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry :
        Pattern.compile(File.pathSeparator).splitAsStream(Child.classPath()).toList()) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader second =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> api = second.loadClass(LatencyStore.class.getName());
      try (LatencyStore store = eager().batch(BatchPolicy.within(Duration.ofHours(1))).open()) {
        store.record(Numbered.measurement("c", 0));

        assertThatExceptionOfType(InvocationTargetException.class)
            .isThrownBy(() -> api.getMethod("open", String.class).invoke(null, url()))
            .satisfies(e -> assertThat(e.getCause()).hasMessageContaining("another class loader"));

        assertThat(store.flush()).isEqualTo(FlushResult.STORED);
        assertNumbered(store, "c", 1);
      }
      ((AutoCloseable) api.getMethod("open", String.class).invoke(null, url())).close();
    }
  }

  @Test
  void aClockThatJumpsByYearsChangesTimestampsAlone() throws Exception {
    ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_772_366_400));
    FaultyDialect faulty = new FaultyDialect(new SqliteDialect());
    List<Instant> times = new ArrayList<>();
    try (LatencyStore store = SqlStoreProvider.open(eager().clock(clock).options(), faulty)) {
      List<Long> commits = new CopyOnWriteArrayList<>();
      faulty.at(Point.BEGIN_WRITE, commits::add);
      for (int i = 0; i < 20; i++) {
        clock.advance(Duration.ofDays(i % 2 == 0 ? 3_650 : -3_650 + i));
        times.add(clock.instant());
        store.recorder("c", "command").record(Duration.ofMillis(i));
        assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      }

      assertThat(commits).as("no storm of attempts").hasSizeLessThan(40);
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all.map(LatencyMeasurement::timestamp).toList())
            .containsExactlyElementsOf(times.stream().sorted().toList());
      }
      assertBalanced(store.stats());
    }
  }

  @Test
  void whatADeadProcessHadPutAsideIsAdoptedWithItsSeries() throws Exception {
    LatencyStore.open(url()).close();
    try (SpoolProcess process =
        SpoolProcess.start(directory, "record-for-ever-lazily", url(), "p", 0)) {
      process.awaitReady();
      Await.until(
          "much is recorded",
          Duration.ofSeconds(30),
          () -> process.acknowledged().total() > 10_000);
      process.kill();
      try (LatencyStore store = eager().open()) {
        LongStream.range(0, 100).forEach(i -> store.record(Numbered.measurement("mine", i)));
        Await.until(
            "it is adopted",
            Duration.ofSeconds(20),
            () -> store.stats().adopted() >= process.acknowledged().total());
        store.flush();
        assertBalanced(store.stats());
        process.assertStored(store.summarizeBySeries(LatencyQuery.all()));
        assertThat(store.summarizeBySeries(LatencyQuery.all()))
            .containsKey(new Series("mine", "command"));
      }
    }
  }
}
