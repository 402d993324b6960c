package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.testkit.Await;
import java.sql.Connection;
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
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which blocks get a partition, and what becomes of the others. */
@Timeout(60)
final class PartitionsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long NOW_MICROS = NOW.getEpochSecond() * 1_000_000;
  private static final long WIDTH = 32 * 86_400_000_000L;

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private LatencyStore open() {
    return LatencyStore.builder(database.url()).clock(Clock.fixed(NOW, ZoneOffset.UTC)).open();
  }

  private static List<LatencyMeasurement> around(long micros, int count) {
    return LongStream.range(0, count)
        .mapToObj(
            n -> LatencyMeasurement.ofMicros(micros + n, n, "component", "command", true, null))
        .toList();
  }

  private static String nameOf(long micros) {
    return "latency_block_slot_" + Math.floorDiv(micros, WIDTH);
  }

  private List<String> partitions() throws SQLException {
    return database.ask(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent ="
            + " 'latency_block'::regclass AND c.relname <> 'latency_block_default' ORDER BY c.relname");
  }

  private long blocksIn(String table) throws SQLException {
    return Long.parseLong(database.ask("SELECT count(*) FROM " + table).get(0));
  }

  @Test
  void onlyWhatIsThereGetsPartitions() throws SQLException {
    try (LatencyStore store = open()) {
      assertThat(partitions()).isEmpty();

      store.append(around(NOW_MICROS, 1));

      assertThat(partitions()).containsExactly(nameOf(NOW_MICROS));
      assertThat(blocksIn(nameOf(NOW_MICROS))).isOne();
      store.append(around(NOW_MICROS + WIDTH, 1));
      assertThat(partitions()).containsExactly(nameOf(NOW_MICROS), nameOf(NOW_MICROS + WIDTH));
      assertThat(blocksIn("latency_block_default")).isZero();
    }
  }

  @Test
  void thereIsAnEndToPartitions() throws SQLException {
    List<LatencyMeasurement> decades = new ArrayList<>();
    for (int month = 249; month >= 0; month--) {
      decades.addAll(around(NOW_MICROS - month * WIDTH, 300));
    }
    try (LatencyStore store = open()) {
      store.append(decades);

      assertThat(partitions())
          .as("and the present, and what was just before")
          .hasSize(200 + 2)
          .contains(nameOf(NOW_MICROS), nameOf(NOW_MICROS - WIDTH));
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(250 * 300);
    }
  }

  @Test
  void aLoadOfManyYearsGetsAPartitionForEachMonthItFills() throws SQLException {
    List<LatencyMeasurement> years = new ArrayList<>();
    for (int month = 0; month < 50; month++) {
      years.addAll(around(NOW_MICROS - month * WIDTH, 300));
    }
    try (LatencyStore store = open()) {
      store.append(years);

      assertThat(partitions()).hasSize(50);
      assertThat(blocksIn("latency_block_default")).isZero();
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(50 * 300);
    }
  }

  @Test
  void strayTimestampsGetNone() throws SQLException {
    Random random = new Random(7);
    List<LatencyMeasurement> strays =
        random
            .longs(1_000)
            .mapToObj(ts -> LatencyMeasurement.ofMicros(ts, 1, "component", "command", true, null))
            .toList();
    try (LatencyStore store = open()) {
      store.append(strays);
      store.append(around(Long.MIN_VALUE, 500));
      store.append(around(Long.MAX_VALUE - 500, 500));

      assertThat(partitions()).isEmpty();
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(2_000);
      assertThat(store.last(LatencyQuery.all(), 1).get(0).timestampMicros())
          .isEqualTo(Long.MAX_VALUE - 1);
    }
  }

  @Test
  void whatPilesUpFarAwayGetsAPartitionInTheEnd() throws SQLException {
    long future = Instant.parse("2100-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
    try (LatencyStore store = open()) {
      for (int i = 0; i < 3; i++) {
        store.append(around(future + i * 100L, 100));
      }

      assertThat(partitions()).containsExactly(nameOf(future));
      assertThat(blocksIn(nameOf(future))).isEqualTo(3);
      assertThat(blocksIn("latency_block_default")).isZero();
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(300);
    }
  }

  @Test
  void strandedBlocksAreGathered() throws SQLException {
    long before = NOW_MICROS - 100 * WIDTH;
    try (LatencyStore store = open()) {
      store.append(around(before, 10));
      store.append(around(before + 20 * WIDTH, 200));
    }
    try (LatencyStore store = open()) {
      store.append(around(before + 20 * WIDTH, 200));
      assertThat(partitions()).isEmpty();

      Partitions partitions =
          new Partitions(PartitionStatements.BLOCKS, "here", Clock.fixed(NOW, ZoneOffset.UTC));
      try (Connection connection = database.connect()) {
        assertThat(partitions.gather(connection)).isEqualTo(2);
        assertThat(partitions.gather(connection)).isZero();
        assertThat(partitions.strays(connection)).isOne();
      }

      assertThat(partitions()).containsExactly(nameOf(before + 20 * WIDTH));
      assertThat(blocksIn("latency_block_default")).isOne();
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(410);
    }
  }

  @Test
  void aReaderThatTakesLongKeepsNoBatchWaitingForLong() throws SQLException {
    try (LatencyStore store = open();
        Connection reader = database.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT count(*) FROM latency_block").close();

      store.append(around(NOW_MICROS, 10));

      assertThat(partitions()).isEmpty();
      assertThat(blocksIn("latency_block_default")).isOne();
      reader.rollback();
    }
    try (LatencyStore store = open()) {
      store.append(around(NOW_MICROS + 10, 10));
      assertThat(partitions()).containsExactly(nameOf(NOW_MICROS));
      assertThat(blocksIn("latency_block_default")).isZero();
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(20);
    }
  }

  @Test
  void manyMakeTheSamePartitionsAtOnce() throws Exception {
    open().close();
    ExecutorService threads = Executors.newFixedThreadPool(12);
    try {
      List<Callable<Long>> loads = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        loads.add(this::loadOfEightMonths);
      }
      for (Future<Long> load : threads.invokeAll(loads)) {
        assertThat(load.get()).isEqualTo(8 * 300L);
      }
    } finally {
      threads.shutdownNow();
    }

    try (LatencyStore store = open()) {
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(12 * 8 * 300L);
    }
    assertThat(partitions()).hasSize(8);
  }

  private long loadOfEightMonths() {
    long appended = 0;
    try (LatencyStore store = open()) {
      for (int month = 0; month < 8; month++) {
        appended += store.append(around(NOW_MICROS - month * WIDTH, 300));
      }
    }
    return appended;
  }

  @Test
  void withoutTheRightToMakePartitionsEverythingGoesIntoTheDefaultOne() throws SQLException {
    open().close();
    String role = database.name() + "_writer";
    database.server().execute("CREATE ROLE " + role + " LOGIN PASSWORD 'w'");
    try {
      database.execute(
          "GRANT USAGE ON SCHEMA latency TO "
              + role
              + "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA latency TO "
              + role
              + "; GRANT USAGE ON ALL SEQUENCES IN SCHEMA latency TO "
              + role);
      try (LatencyStore store = LatencyStore.open(database.url(role + ":w", database.name()))) {
        assertThat(store.append(around(NOW_MICROS, 1_000))).isEqualTo(1_000);
        store.maintenance().compact();
        assertThat(store.check().strays()).isEqualTo(blocksIn("latency_block_default"));
        assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(1_000);
      }
      assertThat(partitions()).isEmpty();
    } finally {
      database.execute("DROP OWNED BY " + role);
      database.server().execute("DROP ROLE " + role);
    }
  }

  @Test
  void aQuestionAboutADayLooksIntoNoOtherMonth() throws Exception {
    try (LatencyStore store = open()) {
      for (int month = 0; month < 10; month++) {
        store.append(around(NOW_MICROS - month * WIDTH, 300));
      }
    }
    LatencyQuery day = LatencyQuery.between(NOW.minus(Duration.ofHours(1)), NOW.plusSeconds(1));
    long before = looksIntoOldMonths();

    assertThat(count(day)).isEqualTo(300);
    long between = looksIntoOldMonths();
    assertThat(count(LatencyQuery.all())).isEqualTo(3_000);
    long after = looksIntoOldMonths();

    assertThat(between).isEqualTo(before);
    assertThat(after).isGreaterThan(between);
  }

  /** By a store of its own: the server counts what a connection did when that ends. */
  private long count(LatencyQuery query) {
    try (LatencyStore store = open()) {
      return store.summarize(query).count();
    }
  }

  private long looksIntoOldMonths() throws Exception {
    Await.until(
        "the connections have ended",
        Duration.ofSeconds(10),
        () -> database.server().connections(database.url()).isEmpty());
    return Long.parseLong(
        database
            .ask(
                "SELECT sum(seq_scan + coalesce(idx_scan, 0)) FROM pg_stat_user_tables WHERE relname LIKE"
                    + " 'latency_block_slot_%' AND relname < '"
                    + nameOf(NOW_MICROS - 5 * WIDTH)
                    + "'")
            .get(0));
  }
}
