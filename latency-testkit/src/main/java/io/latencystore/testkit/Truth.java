package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What somebody else's program found out about a set, and how a summary is held against it. */
final class Truth {

  private static final Map<String, Double> PERCENTILES =
      Map.of("p50", 50.0, "p90", 90.0, "p95", 95.0, "p99", 99.0, "p999", 99.9);
  private static final BigDecimal ROUNDING = new BigDecimal("0.000001");
  private static final BigDecimal NANOSECOND = new BigDecimal("0.001");

  private Truth() {}

  static LatencyQuery window(long fromMicros, long toMicros) {
    return LatencyQuery.between(Micros.toInstant(fromMicros), Micros.toInstant(toMicros));
  }

  static void assertAgrees(String what, LatencyStore store, LatencyQuery query, Json truth) {
    assertAgrees(what, store.summarize(query), truth);
    LatencySummary fromHeaders = store.summarize(query.withoutPercentiles());
    assertThat(fromHeaders.count()).as(what).isEqualTo(truth.integer("count"));
    if (truth.has("sum")) {
      assertThat(fromHeaders.sumMicros()).as(what).isEqualTo(truth.decimal("sum").toBigInteger());
    }
  }

  /** Every figure that the truth has is compared. */
  static void assertAgrees(String what, LatencySummary summary, Json truth) {
    long count = truth.integer("count");
    assertThat(summary.count()).as("count of %s", what).isEqualTo(count);
    if (count == 0) {
      assertThat(summary.max()).as(what).isEmpty();
      return;
    }
    assertThat(summary.sumMicros())
        .as("sum of %s", what)
        .isEqualTo(truth.decimal("sum").toBigInteger());
    assertThat(micros(summary.min())).as("min of %s", what).isEqualTo(truth.integer("min"));
    assertThat(micros(summary.max())).as("max of %s", what).isEqualTo(truth.integer("max"));
    assertThat(summary.count() - summary.errors())
        .as("successes of %s", what)
        .isEqualTo(truth.integer("success"));
    PERCENTILES.forEach(
        (name, p) -> {
          if (truth.has(name)) {
            assertThat(micros(summary.percentile(p)))
                .as("%s of %s", name, what)
                .isEqualTo(truth.integer(name));
          }
        });
    if (truth.has("mean")) {
      assertThat(exactMicros(summary.mean()).subtract(truth.decimal("mean")).abs())
          .as("mean of %s", what)
          .isLessThanOrEqualTo(NANOSECOND);
    }
    if (truth.has("variance_pop")) {
      BigDecimal deviation = exactMicros(summary.standardDeviation());
      assertThat(truth.decimal("variance_pop"))
          .as("variance of %s", what)
          .isBetween(
              deviation.pow(2).subtract(ROUNDING), deviation.add(NANOSECOND).pow(2).add(ROUNDING));
    }
  }

  private static long micros(Optional<Duration> latency) {
    return Micros.ofLatency(latency.orElseThrow());
  }

  private static BigDecimal exactMicros(Optional<Duration> duration) {
    return BigDecimal.valueOf(duration.orElseThrow().toNanos(), 3);
  }
}
