package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.LatencySummary;
import io.latencystore.MaintenanceStep;
import io.latencystore.StoreLayout;
import io.latencystore.StoreListener;
import io.latencystore.testkit.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What lies far from the present gets a partition once it deserves one, and nobody notices. */
@Timeout(120)
final class StraysTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long NOW_MICROS = NOW.getEpochSecond() * 1_000_000;
  private static final long WIDTH = 32 * 86_400_000_000L;

  /** In slots of which several begin before the epoch. */
  private static final long FAR = -3 * WIDTH;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** One takes a second if somebody is in the way. */
  private static final Duration SEVERAL_ROUNDS = Duration.ofSeconds(3);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private LatencyStoreBuilder builder(StoreLayout layout) {
    return LatencyStore.builder(database.url())
        .layout(layout)
        .clock(Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private LatencyStore openWithUpkeep(StoreLayout layout) {
    return builder(layout).maintenanceInterval(Duration.ofMillis(20)).open();
  }

  private static List<LatencyMeasurement> from(long micros, int count) {
    return LongStream.range(0, count)
        .mapToObj(
            n ->
                LatencyMeasurement.ofMicros(
                    micros + n * 1_000,
                    n * 31 % 1_009,
                    n % 2 == 0 ? "even" : "odd",
                    "command",
                    n % 7 > 0,
                    n % 50 == 0 ? "{\"n\":" + n + "}" : null))
        .toList();
  }

  /** By a process that ends afterwards, and counts no others. */
  private void append(StoreLayout layout, List<LatencyMeasurement> measurements) {
    try (LatencyStore store = builder(layout).open()) {
      store.append(measurements);
    }
  }

  private static String table(StoreLayout layout) {
    return layout == StoreLayout.BLOCKS ? "latency_block" : "latency_event";
  }

  private static String partition(StoreLayout layout, long micros) {
    long slot = Math.floorDiv(micros, WIDTH);
    return table(layout) + "_slot_" + (slot < 0 ? "minus_" + -slot : slot);
  }

  private List<String> partitions(StoreLayout layout) throws SQLException {
    return database.ask(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '"
            + table(layout)
            + "'::regclass AND c.relname NOT LIKE '%default' ORDER BY c.relname");
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(database.ask(sql).get(0));
  }

  private long inDefault(StoreLayout layout) throws SQLException {
    return number("SELECT count(*) FROM " + table(layout) + "_default");
  }

  private static long count(LatencyStore store) {
    return store.summarize(LatencyQuery.all()).count();
  }

  /** Everything that can be asked, field by field. */
  private record Answers(
      List<LatencyMeasurement> all, List<LatencyMeasurement> last, List<String> summaries) {

    static Answers of(LatencyStore store) {
      List<String> summaries = new ArrayList<>();
      store
          .summarizeBySeries(LatencyQuery.all())
          .forEach((series, summary) -> summaries.add(series + " " + figures(summary)));
      LatencyQuery far = LatencyQuery.all().window(null, Instant.EPOCH);
      summaries.add("far " + figures(store.summarize(far)));
      summaries.add("sums " + figures(store.summarize(LatencyQuery.all().withoutPercentiles())));
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        return new Answers(all.toList(), store.last(LatencyQuery.all(), 50), summaries);
      }
    }

    private static List<Object> figures(LatencySummary summary) {
      return List.of(
          summary.count(),
          summary.errors(),
          summary.sumMicros(),
          summary.min(),
          summary.max(),
          summary.mean(),
          summary.standardDeviation(),
          summary.percentilesMicros());
    }
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  void onceTheyAreManyTheyMoveByThemselvesAndAnswersStay(StoreLayout layout) throws Exception {
    for (int process = 0; process < 3; process++) {
      append(layout, from(FAR + process, 100));
      append(layout, from(FAR + 40 * WIDTH + process * 250_000L, 150));
    }
    append(layout, from(FAR - 20 * WIDTH, 1));
    append(layout, from(NOW_MICROS - WIDTH, 200));
    Answers before;
    try (LatencyStore store = builder(layout).open()) {
      before = Answers.of(store);
      assertThat(store.check().strays()).isEqualTo(inDefault(layout)).isGreaterThan(6);
      assertThat(store.stats().maintenance().strays()).as("nobody has looked").isNull();
    }
    long strays = inDefault(layout);
    AtomicLong moved = new AtomicLong();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void maintained(MaintenanceStep step) {
            moved.addAndGet(step.kind() == MaintenanceStep.Kind.GATHER ? step.count() : 0);
          }
        };

    try (LatencyStore store =
        builder(layout).maintenanceInterval(Duration.ofMillis(20)).listener(listener).open()) {
      Await.until(
          "one stray is left",
          PATIENCE,
          () -> Long.valueOf(1).equals(store.stats().maintenance().strays()));

      assertThat(store.check().strays()).isOne();
      assertThat(inDefault(layout)).isOne();
      assertThat(moved).hasValue(strays - 1);
      assertThat(partitions(layout))
          .containsExactlyInAnyOrder(
              partition(layout, FAR),
              partition(layout, FAR + 40 * WIDTH),
              partition(layout, NOW_MICROS - WIDTH));
      assertThat(Answers.of(store)).isEqualTo(before);
    }
  }

  static Stream<Arguments> users() {
    return Stream.of("ACCESS SHARE", "ROW EXCLUSIVE")
        .flatMap(mode -> Stream.of(StoreLayout.values()).map(layout -> Arguments.of(mode, layout)));
  }

  @ParameterizedTest
  @MethodSource("users")
  void whoUsesTheTableForLongPutsThatOffAndNobodyElseWaits(String mode, StoreLayout layout)
      throws Exception {
    append(layout, from(FAR, 200));
    append(layout, from(FAR, 200));
    append(layout, from(NOW_MICROS, 10));
    try (Connection user = database.connect();
        Statement statement = user.createStatement();
        Warnings warnings = new Warnings(Partitions.class);
        LatencyStore store = openWithUpkeep(layout)) {
      user.setAutoCommit(false);
      statement.execute("LOCK TABLE " + table(layout) + " IN " + mode + " MODE");
      Await.until(
          "the upkeep waits for its turn",
          PATIENCE,
          () ->
              number(
                      "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'")
                  > 0);
      long recorded = 410;
      long deadline = System.nanoTime() + SEVERAL_ROUNDS.toNanos();
      while (System.nanoTime() < deadline) {
        store.record(from(NOW_MICROS, 1).get(0));
        assertThat(store.flush(Duration.ofSeconds(5))).isEqualTo(FlushResult.STORED);
        recorded++;
        assertThat(count(store)).isEqualTo(recorded);
      }
      assertThat(partitions(layout)).containsExactly(partition(layout, NOW_MICROS));
      assertThat(warnings.that("no partition could be made")).hasSize(1);
      user.rollback();

      Await.until(
          "nobody is in the way any more",
          PATIENCE,
          () -> Long.valueOf(0).equals(store.stats().maintenance().strays()));

      assertThat(partitions(layout))
          .containsExactlyInAnyOrder(partition(layout, FAR), partition(layout, NOW_MICROS));
      assertThat(count(store)).isEqualTo(recorded);
    }
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  void twoStoresGatherWhileOthersWriteAndAsk(StoreLayout layout) throws Exception {
    long seed = Long.getLong("latency.seed", System.nanoTime());
    int writers = 2;
    int batches = 60;
    int slots = 12;
    AtomicLong acknowledged = new AtomicLong();
    append(layout, from(NOW_MICROS, 1));
    ExecutorService threads = Executors.newFixedThreadPool(writers + 2);
    try (LatencyStore one = openWithUpkeep(layout);
        LatencyStore two = openWithUpkeep(layout);
        LatencyStore asking = builder(layout).open()) {
      List<Callable<Long>> tasks = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        Random random = new Random(seed + writer);
        tasks.add(() -> appendStrays(layout, random, batches, slots, acknowledged));
      }
      tasks.add(
          () -> {
            while (acknowledged.get() < (long) writers * batches * 90) {
              long least = acknowledged.get();
              assertThat(count(asking)).as("seed %s", seed).isGreaterThan(least);
            }
            return 0L;
          });
      tasks.add(() -> askPastTheStore(layout, acknowledged, (long) writers * batches * 90));
      for (Future<Long> task : threads.invokeAll(tasks)) {
        assertThat(task.get(60, TimeUnit.SECONDS)).isNotNegative();
      }

      Await.until(
          "nothing is left to gather",
          PATIENCE,
          () ->
              Long.valueOf(0).equals(one.stats().maintenance().strays())
                  && Long.valueOf(0).equals(two.stats().maintenance().strays()));

      assertThat(count(asking)).as("seed %s", seed).isEqualTo(acknowledged.get() + 1);
      assertThat(partitions(layout)).hasSize(slots + 1);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Each batch by a store that knows of no others, so that gathering is left to the upkeep. */
  private long appendStrays(
      StoreLayout layout, Random random, int batches, int slots, AtomicLong acknowledged) {
    for (int batch = 0; batch < batches; batch++) {
      try (LatencyStore store = builder(layout).open()) {
        for (int part = 0; part < 3; part++) {
          long slot = (batch * 3L + part + random.nextInt(2)) % slots;
          acknowledged.addAndGet(store.append(from(FAR + slot * WIDTH, 30)));
        }
      }
    }
    return batches;
  }

  /** As other tools do, which lock and isolate nothing by themselves. */
  private long askPastTheStore(StoreLayout layout, AtomicLong acknowledged, long all)
      throws SQLException {
    String weight = layout == StoreLayout.BLOCKS ? "sum(count)" : "count(*)";
    long asked = 0;
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      while (acknowledged.get() < all) {
        long least = acknowledged.get();
        try (ResultSet row =
            statement.executeQuery("SELECT " + weight + " FROM " + table(layout))) {
          assertThat(row.next()).isTrue();
          assertThat(row.getLong(1)).isGreaterThan(least);
        }
        asked++;
      }
    }
    return asked;
  }

  @Test
  void whatThePresentCouldNotGetAtFirstItGetsLater() throws Exception {
    try (LatencyStore store = builder(StoreLayout.ROWS).open();
        Connection reader = database.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT count(*) FROM latency_event").close();
      store.append(from(NOW_MICROS, 5));
      reader.rollback();
      assertThat(store.check().strays()).isEqualTo(5);

      store.maintenance().compact();

      assertThat(store.check().strays()).isZero();
      assertThat(store.stats().maintenance().strays()).isZero();
      assertThat(partitions(StoreLayout.ROWS))
          .containsExactly(partition(StoreLayout.ROWS, NOW_MICROS));
      assertThat(count(store)).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  void withoutStraysNobodyIsAskedToWait(StoreLayout layout) throws Exception {
    append(layout, from(NOW_MICROS, 1_000));
    try (Connection user = database.connect();
        Statement statement = user.createStatement();
        Warnings warnings = new Warnings(Partitions.class);
        LatencyStore store = builder(layout).open()) {
      user.setAutoCommit(false);
      statement.execute("LOCK TABLE " + table(layout) + " IN ROW EXCLUSIVE MODE");

      store.maintenance().compact();

      assertThat(store.stats().maintenance().strays()).isZero();
      assertThat(warnings.that("")).as("of a lock that could not be had").isEmpty();
    }
  }

  @Test
  void tooManyOfOneSlotStayAndOthersMove() throws Exception {
    append(StoreLayout.ROWS, from(FAR + WIDTH, 200));
    append(StoreLayout.ROWS, from(FAR + WIDTH, 200));
    database.execute(
        "INSERT INTO latency.latency_event SELECT "
            + FAR
            + " + n, 1, series_id, true FROM generate_series(1, 1000001) n, (SELECT series_id FROM"
            + " latency.latency_event LIMIT 1) s");
    try (LatencyStore store = builder(StoreLayout.ROWS).open()) {
      store.maintenance().compact();

      assertThat(partitions(StoreLayout.ROWS))
          .containsExactly(partition(StoreLayout.ROWS, FAR + WIDTH));
      assertThat(store.check().strays()).isBetween(1_000_000L, 1_100_000L);
      assertThat(store.summarize(LatencyQuery.all().withoutPercentiles()).count())
          .isEqualTo(1_000_401);
    }
  }
}
