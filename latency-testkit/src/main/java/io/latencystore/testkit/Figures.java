package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencySummary;
import io.latencystore.TimeBucket;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every exact figure of a summary, so that two summaries can be compared. */
record Figures(
    long count,
    long errors,
    double errorRate,
    BigInteger sumMicros,
    Optional<Duration> min,
    Optional<Duration> max,
    Optional<Duration> mean,
    Optional<Duration> standardDeviation,
    SortedMap<BigDecimal, Long> percentilesMicros,
    String rate) {

  /** A bucket whose summary can be compared. */
  record Bucket(Instant start, Instant end, Figures figures) {}

  static Figures of(LatencySummary summary) {
    return new Figures(
        summary.count(),
        summary.errors(),
        summary.errorRate(),
        summary.sumMicros(),
        summary.min(),
        summary.max(),
        summary.mean(),
        summary.standardDeviation(),
        summary.percentilesMicros(),
        // Nine digits: a rate is a quotient of floating-point numbers.
        summary.ratePerSecond().isEmpty()
            ? "none"
            : String.format(java.util.Locale.ROOT, "%.8e", summary.ratePerSecond().getAsDouble()));
  }

  static List<Bucket> of(List<TimeBucket> buckets) {
    return buckets.stream()
        .map(bucket -> new Bucket(bucket.start(), bucket.end(), of(bucket.summary())))
        .toList();
  }

  static <K> Map<K, Figures> of(SortedMap<K, LatencySummary> summaries) {
    SortedMap<K, Figures> figures = new TreeMap<>(summaries.comparator());
    summaries.forEach((key, summary) -> figures.put(key, of(summary)));
    return figures;
  }

  static void assertSame(LatencySummary found, LatencySummary expected) {
    assertThat(of(found)).isEqualTo(of(expected));
  }
}
