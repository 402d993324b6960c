package io.latencystore.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Exact percentiles by sorting and skipping: what one writes first, a query for each. */
final class OrderByOffset {

  private static final String SELECT =
      "SELECT latency_us FROM measurement ORDER BY latency_us LIMIT 1 OFFSET ?";

  private final ObviousTable table;
  private final PreparedStatement select;

  OrderByOffset(ObviousTable table) throws SQLException {
    this.table = table;
    this.select = table.connection().prepareStatement(SELECT);
  }

  /** The nearest-rank percentiles of all latencies, in microseconds. */
  long[] percentiles(List<Integer> percents) throws SQLException {
    long count = table.count();
    long[] micros = new long[percents.size()];
    for (int i = 0; i < micros.length; i++) {
      select.setLong(1, (percents.get(i) * count + 99) / 100 - 1);
      try (ResultSet row = select.executeQuery()) {
        micros[i] = row.getLong(1);
      }
    }
    return micros;
  }
}
