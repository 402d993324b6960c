package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import io.latencystore.testkit.SqlPageFacet;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqlitePageTest implements SqlPageFacet {

  @TempDir Path directory;

  @Override
  public LatencyStore open(StoreLayout layout) {
    return LatencyStore.builder("sqlite:" + directory.resolve("page.db")).layout(layout).open();
  }

  @Override
  public Connection connect() throws SQLException {
    return RawSql.open(directory.resolve("page.db"));
  }

  @Override
  public String language() {
    return "sqlite";
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
