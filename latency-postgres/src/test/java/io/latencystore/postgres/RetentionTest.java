package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Micros;
import io.latencystore.StoreLayout;
import io.latencystore.StoreUnavailableException;
import io.latencystore.policy.Expiry;
import io.latencystore.policy.RetentionPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole partitions expire by being dropped, and nobody waits long for that. */
@Timeout(90)
final class RetentionTest {

  private static final long WIDTH = 32 * 86_400_000_000L;
  private static final long DAY = 86_400_000_000L;
  private static final int MONTHS = 5;
  private static final int EACH = 600;

  /** The begin of a partition. */
  private static final long PRESENT =
      Math.floorDiv(Instant.parse("2026-03-01T12:00:00Z").getEpochSecond() * 1_000_000, WIDTH)
          * WIDTH;

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private LatencyStore open(StoreLayout layout) {
    return LatencyStore.builder(database.url())
        .layout(layout)
        .clock(Clock.fixed(Micros.toInstant(PRESENT + DAY), ZoneOffset.UTC))
        .open();
  }

  /** Of each of five months some, the last of which is the present. */
  private static List<LatencyMeasurement> months() {
    List<LatencyMeasurement> months = new ArrayList<>();
    for (int ago = MONTHS - 1; ago >= 0; ago--) {
      long begin = PRESENT - ago * WIDTH;
      LongStream.range(0, EACH)
          .mapToObj(n -> measurement(begin + n * 1_000, n))
          .forEach(months::add);
    }
    return months;
  }

  private static LatencyMeasurement measurement(long micros, long n) {
    return LatencyMeasurement.ofMicros(
        micros, n, n % 2 == 0 ? "even" : "odd", "command", true, n % 100 == 0 ? "{}" : null);
  }

  private static RetentionPolicy before(long micros) {
    return stored -> Expiry.before(Micros.toInstant(micros));
  }

  private static long count(LatencyStore store) {
    return store.summarize(LatencyQuery.all()).count();
  }

  private List<String> partitions(StoreLayout layout) throws SQLException {
    return database.ask(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '"
            + table(layout)
            + "'::regclass AND c.relname NOT LIKE '%default' ORDER BY c.relname");
  }

  private static String table(StoreLayout layout) {
    return layout == StoreLayout.BLOCKS ? "latency_block" : "latency_event";
  }

  private static String partition(StoreLayout layout, int ago) {
    return table(layout) + "_slot_" + (PRESENT / WIDTH - ago);
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(database.ask(sql).get(0));
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  void partitionsThatAreOverAreDroppedAndTheRestIsDeleted(StoreLayout layout) throws Exception {
    try (LatencyStore store = open(layout)) {
      store.append(months());
      assertThat(partitions(layout)).hasSize(MONTHS);

      store.maintenance().applyRetention(before(PRESENT - WIDTH + 300 * 1_000));

      assertThat(partitions(layout)).containsExactly(partition(layout, 1), partition(layout, 0));
      assertThat(count(store)).isEqualTo(2 * EACH - 300);
      assertThat(store.append(months())).isEqualTo(2 * EACH - 300);
      assertThat(count(store)).isEqualTo(2 * (2 * EACH - 300));
      assertThat(
              number(
                  "SELECT count(*) FROM latency_metadata WHERE block_id NOT IN (SELECT id FROM latency_block)"))
          .isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  void onceEveryComponentIsPastItAPartitionIsDropped(StoreLayout layout) throws Exception {
    try (LatencyStore store = open(layout)) {
      store.append(months());

      RetentionPolicy odd = RetentionPolicy.forComponent("odd", before(PRESENT));
      store.maintenance().applyRetention(odd);

      assertThat(partitions(layout)).hasSize(MONTHS);
      assertThat(count(store)).isEqualTo(MONTHS * EACH / 2 + EACH / 2);
      RetentionPolicy even = RetentionPolicy.forComponent("even", before(PRESENT - WIDTH));
      store.maintenance().applyRetention(even);
      assertThat(partitions(layout)).containsExactly(partition(layout, 1), partition(layout, 0));
      assertThat(count(store)).isEqualTo(EACH / 2 + EACH);
    }
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  void whatGoesOnBeyondItsPartitionStays(StoreLayout layout) {
    List<LatencyMeasurement> rare =
        LongStream.range(0, MONTHS)
            .mapToObj(
                ago ->
                    LatencyMeasurement.ofMicros(
                        PRESENT - ago * WIDTH, ago, "rare", "command", true, null))
            .toList();
    try (LatencyStore store = open(layout)) {
      store.append(months());
      store.append(rare);

      store.maintenance().applyRetention(before(PRESENT - WIDTH));

      assertThat(count(store)).isEqualTo(2 * EACH + 2);
      assertThat(store.summarize(LatencyQuery.all().component("rare")).count()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  void whoReadsKeepsAPartitionAndNobodyElseWaitsForThat(StoreLayout layout) throws Exception {
    try (LatencyStore store = open(layout)) {
      store.append(months());
      try (Connection reading = database.connect();
          Statement statement = reading.createStatement()) {
        reading.setAutoCommit(false);
        statement.execute("SELECT count(*) FROM " + partition(layout, 3));
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
          CountDownLatch begun = new CountDownLatch(1);
          Future<?> retention =
              executor.submit(
                  () -> {
                    begun.countDown();
                    store.maintenance().applyRetention(before(PRESENT));
                  });
          assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
          long longest = 0;
          while (!retention.isDone()) {
            long asked = System.nanoTime();
            store.append(List.of(measurement(PRESENT + DAY, 1)));
            count(store);
            longest = Math.max(longest, System.nanoTime() - asked);
          }
          assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(5));
          assertThat(
                  store
                      .summarize(LatencyQuery.all().window(null, Micros.toInstant(PRESENT)))
                      .count())
              .as("what has expired is not seen, though it is there")
              .isZero();
          assertThat(number("SELECT count(*) FROM " + partition(layout, 3))).isPositive();
          assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
              .isThrownBy(retention::get)
              .withCauseInstanceOf(StoreUnavailableException.class);
        } finally {
          executor.shutdownNow();
        }
        reading.rollback();
      }

      store.maintenance().applyRetention(before(PRESENT));

      assertThat(partitions(layout)).containsExactly(partition(layout, 0));
    }
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  void aVacuumThatIsAtAPartitionIsWaitedFor(StoreLayout layout) throws Exception {
    try (LatencyStore store = open(layout);
        Connection vacuuming = database.connect();
        Statement statement = vacuuming.createStatement()) {
      store.append(months());
      vacuuming.setAutoCommit(false);
      statement.execute("LOCK TABLE " + partition(layout, 3) + " IN SHARE UPDATE EXCLUSIVE MODE");
      ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
      try {
        Future<?> vacuumed =
            executor.schedule(
                () -> {
                  vacuuming.rollback();
                  return true;
                },
                1_500,
                TimeUnit.MILLISECONDS);

        store.maintenance().applyRetention(before(PRESENT));

        assertThat(vacuumed).isDone();
      } finally {
        executor.shutdownNow();
      }
      assertThat(partitions(layout)).containsExactly(partition(layout, 0));
    }
  }

  static Stream<Arguments> places() {
    return Stream.of("advancing", "advanced", "dropping", "dropped", "expiring", "expired")
        .flatMap(
            place -> Stream.of(StoreLayout.values()).map(layout -> Arguments.of(place, layout)));
  }

  @ParameterizedTest
  @MethodSource("places")
  void aProcessThatDiesMeanwhileLeavesAllOfItOrNone(String place, StoreLayout layout)
      throws Exception {
    long cutoff = PRESENT - WIDTH + DAY;
    try (LatencyStore store = open(layout)) {
      store.append(months());
    }

    assertThat(RetainingChild.run(database.url(), cutoff, place)).isEqualTo(RetainingChild.HALTED);

    try (LatencyStore store = open(layout)) {
      assertThat(count(store)).isEqualTo(place.equals("advancing") ? MONTHS * EACH : EACH);
      store.maintenance().applyRetention(before(cutoff));
      assertThat(count(store)).isEqualTo(EACH);
      assertThat(partitions(layout)).containsExactly(partition(layout, 1), partition(layout, 0));
      assertThat(number("SELECT count(*) FROM " + partition(layout, 1))).isZero();
      assertThat(
              number(
                  "SELECT count(*) FROM latency_metadata WHERE block_id NOT IN (SELECT id FROM latency_block)"))
          .isZero();
    }
  }
}
