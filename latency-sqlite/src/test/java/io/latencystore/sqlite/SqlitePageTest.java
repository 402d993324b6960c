package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.StoreLayout;
import io.latencystore.testkit.SqlPage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/sql.md} says about SQLite works as it stands there. */
final class SqlitePageTest {

  @TempDir Path directory;

  private LatencyStore open(StoreLayout layout) {
    return LatencyStore.builder("sqlite:" + directory.resolve("page.db")).layout(layout).open();
  }

  private Connection connect() throws SQLException {
    return RawSql.open(directory.resolve("page.db"));
  }

  private static void fill(LatencyStore store) {
    for (int i = 1; i <= 1_000; i++) {
      store.recorder(i % 3 == 0 ? "editor" : "build", "run").record(Duration.ofNanos(i * 7_000L));
      store.recorder("build", "link").recordFailure(Duration.ofNanos(i * 1_000L));
    }
    store.record(
        LatencyMeasurement.ofMicros(-1, 5_000_000, "editor", "open", true, "{\"file\":\"a.md\"}"));
    store.flush();
  }

  private List<List<String>> ask(String sql) throws SQLException {
    List<List<String>> found = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(rows.getString(i)));
        }
        found.add(row);
      }
    }
    return found;
  }

  @Test
  void everyStatementOnRowsAnswers() throws SQLException {
    try (LatencyStore store = open(StoreLayout.ROWS)) {
      fill(store);

      List<String> statements = SqlPage.statements("latency_events", "sqlite");

      assertThat(statements).hasSize(6);
      for (String sql : statements) {
        assertThat(ask(sql)).as(sql).isNotEmpty();
      }
    }
  }

  @Test
  void thePercentilesAreThoseOfTheStore() throws SQLException {
    try (LatencyStore store = open(StoreLayout.ROWS)) {
      fill(store);
      List<List<String>> expected = new ArrayList<>();
      store
          .summarizeByComponent(LatencyQuery.all().percentiles(50, 95, 99))
          .forEach((component, summary) -> expected.add(row(component, summary)));

      String sql =
          SqlPage.statements("latency_events", "sqlite").stream()
              .filter(statement -> statement.contains("p95"))
              .findFirst()
              .orElseThrow();

      assertThat(ask(sql)).isEqualTo(expected);
    }
  }

  private static List<String> row(String component, LatencySummary summary) {
    List<String> row = new ArrayList<>(List.of(component));
    summary.percentilesMicros().values().forEach(value -> row.add(String.valueOf(value)));
    return row;
  }

  @Test
  void everyStatementOnBlocksAnswers() throws SQLException {
    try (LatencyStore store = open(StoreLayout.BLOCKS)) {
      fill(store);

      List<String> statements = SqlPage.statements("latency_block_summary", "sqlite");

      assertThat(statements).hasSize(4);
      for (String sql : statements) {
        assertThat(ask(sql)).as(sql).isNotEmpty();
      }
    }
  }

  @Test
  void theViewOfRowsShowsEveryMomentThereIs() throws SQLException {
    try (LatencyStore store = open(StoreLayout.ROWS)) {
      for (long ts : new long[] {Long.MIN_VALUE, -1, 0, 1_772_366_400_123_456L, Long.MAX_VALUE}) {
        store.append(List.of(LatencyMeasurement.ofMicros(ts, 1, "a", "b", true, null)));
      }
    }

    assertThat(ask("SELECT at FROM latency_events ORDER BY ts"))
        .containsExactly(
            List.of("null"),
            List.of("1969-12-31T23:59:59.999999Z"),
            List.of("1970-01-01T00:00:00.000000Z"),
            List.of("2026-03-01T12:00:00.123456Z"),
            List.of("null"));
  }
}
