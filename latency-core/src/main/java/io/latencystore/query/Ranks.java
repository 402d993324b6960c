package io.latencystore.query;

import io.latencystore.LatencyQuery;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Nearest ranks, in exact arithmetic. */
final class Ranks {

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private Ranks() {}

  /** The exact decimal value of a percentile, in the form a query holds it. */
  static BigDecimal percentile(double p) {
    return LatencyQuery.all().percentiles(p).percentiles().get(0);
  }

  /** {@code ceil(p / 100 · count)}, at least 1. */
  static long nearest(BigDecimal p, long count) {
    long rank =
        p.multiply(BigDecimal.valueOf(count))
            .divide(HUNDRED, 0, RoundingMode.CEILING)
            .longValueExact();
    return Math.max(1, rank);
  }
}
