package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.StoreLayout;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code docs/sql.md} says about a kind of database works as it stands there. */
public interface SqlPageFacet {

  /** Opens a store on a database that is empty before each test, and the same throughout one. */
  LatencyStore open(StoreLayout layout);

  /** Opens a connection to that database, as another tool would. */
  Connection connect() throws SQLException;

  /** The word that marks on the page what is for this kind of database alone. */
  String language();

  private static void fill(LatencyStore store) {
    for (int i = 1; i <= 1_000; i++) {
      store.recorder(i % 3 == 0 ? "editor" : "build", "run").record(Duration.ofNanos(i * 7_000L));
      store.recorder("build", "link").recordFailure(Duration.ofNanos(i * 1_000L));
    }
    store.record(
        LatencyMeasurement.ofMicros(-1, 5_000_000, "editor", "open", true, "{\"file\":\"a.md\"}"));
    store.flush();
  }

  /** The rows of an answer, as text. */
  default List<List<String>> ask(String sql) throws SQLException {
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
  default void everyStatementOnRowsAnswers() throws SQLException {
    try (LatencyStore store = open(StoreLayout.ROWS)) {
      fill(store);

      List<String> statements = SqlPage.statements("latency_events", language());

      assertThat(statements).hasSize(6);
      for (String sql : statements) {
        assertThat(ask(sql)).as(sql).isNotEmpty();
      }
    }
  }

  @Test
  default void thePercentilesAreThoseOfTheStore() throws SQLException {
    try (LatencyStore store = open(StoreLayout.ROWS)) {
      fill(store);
      List<List<String>> expected = new ArrayList<>();
      store
          .summarizeByComponent(LatencyQuery.all().percentiles(50, 95, 99))
          .forEach((component, summary) -> expected.add(row(component, summary)));

      String sql =
          SqlPage.statements("latency_events", language()).stream()
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
  default void everyStatementOnBlocksAnswers() throws SQLException {
    try (LatencyStore store = open(StoreLayout.BLOCKS)) {
      fill(store);

      List<String> statements = SqlPage.statements("latency_block_summary", language());

      assertThat(statements).hasSize(4);
      for (String sql : statements) {
        assertThat(ask(sql)).as(sql).isNotEmpty();
      }
    }
  }
}
