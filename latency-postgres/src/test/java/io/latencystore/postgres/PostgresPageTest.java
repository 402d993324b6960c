package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import io.latencystore.testkit.SqlPageFacet;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PostgresPageTest implements SqlPageFacet {

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @Override
  public LatencyStore open(StoreLayout layout) {
    return LatencyStore.builder(database.url()).layout(layout).open();
  }

  @Override
  public Connection connect() throws SQLException {
    return database.connect();
  }

  @Override
  public String language() {
    return "postgresql";
  }

  @Test
  void theViewOfRowsShowsEveryMomentThereIs() throws SQLException {
    try (LatencyStore store = open(StoreLayout.ROWS)) {
      for (long ts : new long[] {Long.MIN_VALUE, -1, 0, 1_772_366_400_123_456L, Long.MAX_VALUE}) {
        store.append(List.of(LatencyMeasurement.ofMicros(ts, 1, "a", "b", true, null)));
      }
    }

    assertThat(
            ask(
                "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.USZ') FROM latency_events ORDER BY ts"))
        .containsExactly(
            List.of("null"),
            List.of("1969-12-31T23:59:59.999999Z"),
            List.of("1970-01-01T00:00:00.000000Z"),
            List.of("2026-03-01T12:00:00.123456Z"),
            List.of("294247-01-10T04:00:54.775807Z"));
  }
}
