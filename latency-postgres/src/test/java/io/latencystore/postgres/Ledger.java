package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.AppendException;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.StoreStats;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What was acknowledged, known outside the store: of each component the latencies 1, 2, 3, … up to
 * a number. Each component is for one thread.
 */
final class Ledger {

  private static final String COMMAND = "command";

  private final Map<String, AtomicLong> acknowledged = new ConcurrentHashMap<>();

  private AtomicLong acknowledged(String component) {
    return acknowledged.computeIfAbsent(component, any -> new AtomicLong());
  }

  long total() {
    return acknowledged.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** Records the next so many. */
  void record(LatencyStore store, String component, int count) {
    LatencyRecorder recorder = store.recorder(component, COMMAND);
    AtomicLong number = acknowledged(component);
    for (int i = 0; i < count; i++) {
      long next = number.get() + 1;
      if (next % 50 == 0) {
        store.record(
            LatencyMeasurement.ofMicros(
                Numbered.NOON + next, next, component, COMMAND, true, "m" + next));
      } else {
        recorder.record(Numbered.NOON + next, next);
      }
      number.set(next);
    }
  }

  /** Loads the next so many, or as many as the store says are committed. */
  void append(LatencyStore store, String component, int count) {
    AtomicLong number = acknowledged(component);
    long from = number.get() + 1;
    try {
      store.append(
          LongStream.range(from, from + count)
              .mapToObj(next -> Numbered.measurement(component, next)));
      number.addAndGet(count);
    } catch (AppendException e) {
      number.addAndGet(e.committed());
    }
  }

  /** Asserts that exactly what was acknowledged is there. */
  void assertStored(LatencyStore store, String run) {
    acknowledged.forEach(
        (component, number) -> {
          try (Stream<LatencyMeasurement> all =
              store.stream(LatencyQuery.all().component(component))) {
            assertThat(all.mapToLong(LatencyMeasurement::latencyMicros).toArray())
                .as("%s, %s", component, run)
                .isEqualTo(LongStream.rangeClosed(1, number.get()).toArray());
          }
        });
    assertThat(store.summarize(LatencyQuery.all()).count()).as(run).isEqualTo(total());
  }

  /**
   * Asserts, past the store, that of each component the first ones are there, each once, and none
   * that was not recorded yet.
   */
  void assertPrefixStored(Connection connection, String run) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!hasTables(statement)) {
        return;
      }
      ResultSet rows =
          statement.executeQuery(
              "SELECT component, sum(count), sum(sum_us), min(min_us), max(max_us)"
                  + " FROM (SELECT series_id, count, sum_us, min_us, max_us FROM latency.latency_block"
                  + " UNION ALL SELECT series_id, 1, latency_us, latency_us, latency_us"
                  + " FROM latency.latency_event) b"
                  + " JOIN latency.latency_series s ON s.id = b.series_id GROUP BY component");
      while (rows.next()) {
        String component = rows.getString(1);
        long count = rows.getLong(2);
        assertThat(rows.getLong(3))
            .as("sum of %s, %s", component, run)
            .isEqualTo(count * (count + 1) / 2);
        assertThat(rows.getLong(4)).as("first of %s, %s", component, run).isEqualTo(1);
        assertThat(rows.getLong(5)).as("last of %s, %s", component, run).isEqualTo(count);
      }
    }
  }

  private static boolean hasTables(Statement statement) throws SQLException {
    ResultSet row =
        statement.executeQuery("SELECT to_regclass('latency.latency_block') IS NOT NULL");
    return row.next() && row.getBoolean(1);
  }

  /** Asserts that what went in is somewhere, that nothing else is, and that nothing was dropped. */
  static void assertBalanced(StoreStats stats, String run) {
    assertThat(stats.recorded() + stats.appended() + stats.adopted())
        .as("%s, %s", stats, run)
        .isEqualTo(stats.committed() + stats.pending() + stats.totalDropped());
  }
}
