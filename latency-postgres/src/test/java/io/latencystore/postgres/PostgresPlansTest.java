package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Micros;
import io.latencystore.StoreLayout;
import io.latencystore.sql.SqlStoreProvider;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.StatementLog;
import io.latencystore.testkit.StatementLog.Question;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The statements on rows are answered from the index of the partitions that matter. */
final class PostgresPlansTest {

  private static final long BEGIN = 1_772_366_400_000_000L;
  private static final long HOUR = 3_600_000_000L;
  private static final int HOURS = 24 * 100;

  private static final LatencyQuery AN_HOUR =
      LatencyQuery.between(
          Micros.toInstant(BEGIN + 50 * 24 * HOUR), Micros.toInstant(BEGIN + (50 * 24 + 1) * HOUR));

  private static final String PARTITION =
      "latency_event_slot_" + Math.floorDiv(BEGIN + 50 * 24 * HOUR, 32 * 24 * HOUR);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private String url() {
    return database.url();
  }

  private Connection connect() throws SQLException {
    return database.connect();
  }

  private void analyze() throws SQLException {
    database.execute("ANALYZE latency.latency_event");
  }

  private static List<String> explain(Connection connection, Question question)
      throws SQLException {
    return question.explain(connection, "EXPLAIN", "QUERY PLAN");
  }

  /** Ten measurements an hour, for a hundred days. */
  private static List<LatencyMeasurement> measurements() {
    return LongStream.range(0, HOURS * 10L)
        .mapToObj(
            n ->
                LatencyMeasurement.ofMicros(
                    BEGIN + n * HOUR / 10, n, "component" + n % 4, "command", true, null))
        .toList();
  }

  private List<String> plans(Consumer<LatencyStore> question) throws SQLException {
    StatementLog log = new StatementLog();
    FaultyDialect dialect = new FaultyDialect(new PostgresDialect()).wrapping(log);
    try (LatencyStore store =
        SqlStoreProvider.open(
            LatencyStore.builder(url()).layout(StoreLayout.ROWS).options(), dialect)) {
      store.append(measurements());
      analyze();
      assertThat(log.of("latency_event")).isEmpty();

      question.accept(store);

      List<Question> asked = log.of("latency_event");
      assertThat(asked).isNotEmpty();
      try (Connection connection = connect()) {
        return List.of(String.join("\n", explain(connection, asked.get(0))));
      }
    }
  }

  private static void assertSearches(String plan) {
    assertThat(plan)
        .contains(PARTITION + "_ts_series_id_idx")
        .doesNotContain("Seq Scan on latency_event_slot")
        .satisfies(
            text ->
                assertThat(text.split("\\bon latency_event_slot_", -1))
                    .as("partitions in %s", text)
                    .hasSizeLessThanOrEqualTo(3));
  }

  @Test
  void aWindowIsSearchedInItsPartition() throws SQLException {
    assertSearches(plans(store -> store.summarize(AN_HOUR)).get(0));
    assertSearches(plans(store -> store.summarize(AN_HOUR.component("component1"))).get(0));
    assertSearches(plans(store -> store.summarize(AN_HOUR.withoutPercentiles())).get(0));
  }

  @Test
  void theLastOnesComeFromTheEndOfEachIndex() throws SQLException {
    assertThat(plans(store -> store.last(LatencyQuery.all(), 10)).get(0))
        .contains("Limit")
        .contains("Index Scan Backward using " + PARTITION + "_ts_series_id_idx")
        .doesNotContain("Seq Scan on latency_event_slot");
  }
}
