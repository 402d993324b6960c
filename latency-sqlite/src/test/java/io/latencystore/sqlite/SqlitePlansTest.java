package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.testkit.RowPlans;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statements on rows are answered from the index on time and series. */
final class SqlitePlansTest {

  private static final String BY_INDEX =
      "SEARCH latency_event USING INDEX latency_event_time (ts>? AND ts<?)";

  @TempDir Path directory;

  private String plan(Consumer<LatencyStore> question) throws SQLException {
    Path file = directory.resolve("plans.db");
    RowPlans plans =
        new RowPlans(
            new SqliteDialect(), "sqlite:" + file, "EXPLAIN QUERY PLAN", "detail", List.of());
    try (Connection connection = RawSql.open(file)) {
      return plans.of(connection, question);
    }
  }

  @Test
  void aWindowIsSearched() throws SQLException {
    assertThat(plan(store -> store.summarize(RowPlans.AN_HOUR))).isEqualTo(BY_INDEX);
    assertThat(plan(store -> store.summarize(RowPlans.AN_HOUR.component("component1"))))
        .isEqualTo(BY_INDEX);
  }

  @Test
  void sumsOfAWindowSearchItToo() throws SQLException {
    assertThat(plan(store -> store.summarize(RowPlans.AN_HOUR.withoutPercentiles())))
        .startsWith(BY_INDEX);
  }

  @Test
  void everythingIsReadStraightThrough() throws SQLException {
    assertThat(plan(store -> store.summarize(LatencyQuery.all()))).isEqualTo("SCAN latency_event");
  }

  @Test
  void theLastOnesAreNotSorted() throws SQLException {
    assertThat(plan(store -> store.last(LatencyQuery.all(), 10)))
        .isEqualTo("SCAN latency_event USING INDEX latency_event_time");
  }
}
