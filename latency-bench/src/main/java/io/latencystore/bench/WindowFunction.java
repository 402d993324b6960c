package io.latencystore.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Exact percentiles by numbering the sorted rows: one query for all of them. */
final class WindowFunction {

  private final PreparedStatement select;
  private final int percentiles;

  /**
   * The query for these percentiles, ascending.
   *
   * @param percents each from 1 to 100
   */
  WindowFunction(ObviousTable table, List<Integer> percents) throws SQLException {
    percentiles = percents.size();
    select =
        table
            .connection()
            .prepareStatement(
                String.format(
                    Locale.ROOT,
                    """
                WITH counted AS (SELECT count(*) AS total FROM measurement),
                     ranked AS (SELECT latency_us, row_number() OVER (ORDER BY latency_us) AS rank
                                FROM measurement)
                SELECT latency_us FROM ranked, counted
                WHERE rank IN (%s)
                ORDER BY rank""",
                    percents.stream()
                        .map(percent -> "(" + percent + " * total + 99) / 100")
                        .collect(Collectors.joining(", "))));
  }

  /** The nearest-rank percentiles of all latencies, in microseconds. */
  long[] percentiles() throws SQLException {
    long[] micros = new long[percentiles];
    try (ResultSet rows = select.executeQuery()) {
      for (int i = 0; i < micros.length && rows.next(); i++) {
        micros[i] = rows.getLong(1);
      }
    }
    return micros;
  }
}
