package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Micros;
import io.latencystore.StoreLayout;
import io.latencystore.sql.Dialect;
import io.latencystore.store.SqlStoreProvider;
import io.latencystore.testkit.StatementLog.Question;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * How a kind of database goes about questions on rows: ten an hour for a hundred days.
 *
 * @param dialect the dialect under test
 * @param url the URL of a database that is empty, or filled by this
 * @param explain what stands before a statement that is to be explained
 * @param column the column of the explanation
 * @param prepare what is executed once the rows are there
 */
public record RowPlans(
    Dialect dialect, String url, String explain, String column, List<String> prepare) {

  /** When the rows begin, in microseconds since the epoch. */
  public static final long BEGIN_MICROS = 1_772_366_400_000_000L;

  /** Microseconds in an hour. */
  public static final long HOUR_MICROS = 3_600_000_000L;

  /** The begin of the hour in the middle, in microseconds since the epoch. */
  public static final long MIDDLE_MICROS = BEGIN_MICROS + 50 * 24 * HOUR_MICROS;

  /** What lies in that hour. */
  public static final LatencyQuery AN_HOUR =
      LatencyQuery.between(
          Micros.toInstant(MIDDLE_MICROS), Micros.toInstant(MIDDLE_MICROS + HOUR_MICROS));

  private static final int HOURS = 24 * 100;

  private static List<LatencyMeasurement> measurements() {
    return LongStream.range(0, HOURS * 10L)
        .mapToObj(
            n ->
                LatencyMeasurement.ofMicros(
                    BEGIN_MICROS + n * HOUR_MICROS / 10,
                    n,
                    "component" + n % 4,
                    "command",
                    true,
                    null))
        .toList();
  }

  /** What the database says it would do for the first statement that a question puts to it. */
  public String of(Connection connection, Consumer<LatencyStore> question) throws SQLException {
    StatementLog log = new StatementLog();
    try (LatencyStore store =
        SqlStoreProvider.open(
            LatencyStore.builder(url).layout(StoreLayout.ROWS).options(),
            new FaultyDialect(dialect).wrapping(log))) {
      if (store.last(LatencyQuery.all(), 1).isEmpty()) {
        store.append(measurements());
        try (Statement statement = connection.createStatement()) {
          for (String sql : prepare) {
            statement.execute(sql);
          }
        }
      }
      log.of("latency_event");

      question.accept(store);

      List<Question> asked = log.of("latency_event");
      assertThat(asked).isNotEmpty();
      return String.join("\n", asked.get(0).explain(connection, explain, column));
    }
  }
}
