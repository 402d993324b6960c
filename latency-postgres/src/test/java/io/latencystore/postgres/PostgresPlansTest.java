package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.testkit.RowPlans;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The statements on rows are answered from the index of the partitions that matter. */
final class PostgresPlansTest {

  private static final String PARTITION =
      "latency_event_slot_" + Math.floorDiv(RowPlans.MIDDLE_MICROS, 32 * 24 * RowPlans.HOUR_MICROS);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private String plan(Consumer<LatencyStore> question) throws SQLException {
    RowPlans plans =
        new RowPlans(
            new PostgresDialect(),
            database.url(),
            "EXPLAIN",
            "QUERY PLAN",
            List.of("ANALYZE latency.latency_event"));
    try (Connection connection = database.connect()) {
      return plans.of(connection, question);
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
    assertSearches(plan(store -> store.summarize(RowPlans.AN_HOUR)));
    assertSearches(plan(store -> store.summarize(RowPlans.AN_HOUR.component("component1"))));
    assertSearches(plan(store -> store.summarize(RowPlans.AN_HOUR.withoutPercentiles())));
  }

  @Test
  void theLastOnesComeFromTheEndOfEachIndex() throws SQLException {
    assertThat(plan(store -> store.last(LatencyQuery.all(), 10)))
        .contains("Limit")
        .contains("Index Scan Backward using " + PARTITION + "_ts_series_id_idx")
        .doesNotContain("Seq Scan on latency_event_slot");
  }
}
