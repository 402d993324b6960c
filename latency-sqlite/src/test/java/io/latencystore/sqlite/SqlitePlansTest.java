package io.latencystore.sqlite;

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
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statements on rows are answered from the index on time and series. */
final class SqlitePlansTest {

  private static final long BEGIN = 1_772_366_400_000_000L;
  private static final long HOUR = 3_600_000_000L;
  private static final int HOURS = 24 * 100;

  private static final LatencyQuery AN_HOUR =
      LatencyQuery.between(
          Micros.toInstant(BEGIN + 50 * 24 * HOUR), Micros.toInstant(BEGIN + (50 * 24 + 1) * HOUR));

  private static final String BY_INDEX =
      "SEARCH latency_event USING INDEX latency_event_time (ts>? AND ts<?)";

  @TempDir Path directory;

  private String url() {
    return "sqlite:" + directory.resolve("plans.db");
  }

  private Connection connect() throws SQLException {
    return RawSql.open(directory.resolve("plans.db"));
  }

  private void analyze() {}

  private static List<String> explain(Connection connection, Question question)
      throws SQLException {
    return question.explain(connection, "EXPLAIN QUERY PLAN", "detail");
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
    FaultyDialect dialect = new FaultyDialect(new SqliteDialect()).wrapping(log);
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

  @Test
  void aWindowIsSearched() throws SQLException {
    assertThat(plans(store -> store.summarize(AN_HOUR))).containsExactly(BY_INDEX);
    assertThat(plans(store -> store.summarize(AN_HOUR.component("component1"))))
        .containsExactly(BY_INDEX);
  }

  @Test
  void sumsOfAWindowSearchItToo() throws SQLException {
    assertThat(plans(store -> store.summarize(AN_HOUR.withoutPercentiles())).get(0))
        .startsWith(BY_INDEX);
  }

  @Test
  void everythingIsReadStraightThrough() throws SQLException {
    assertThat(plans(store -> store.summarize(LatencyQuery.all())))
        .containsExactly("SCAN latency_event");
  }

  @Test
  void theLastOnesAreNotSorted() throws SQLException {
    assertThat(plans(store -> store.last(LatencyQuery.all(), 10)))
        .containsExactly("SCAN latency_event USING INDEX latency_event_time");
  }
}
