package io.latencystore.query;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A summary whose every figure is exact.
 *
 * @param count how many measurements
 * @param errors how many of them failed
 * @param sumMicros the sum of the latencies
 * @param squares the sum of their squares
 * @param minMicros the smallest; without meaning if there are none
 * @param maxMicros the largest; without meaning if there are none
 * @param percentiles the percentiles asked for, ascending
 * @param percentileValues their values in microseconds; empty if there are no measurements
 * @param ratePerSecond measurements a second, if the window has a length
 */
record ExactSummary(
    long count,
    long errors,
    BigInteger sumMicros,
    BigInteger squares,
    long minMicros,
    long maxMicros,
    List<BigDecimal> percentiles,
    List<Long> percentileValues,
    OptionalDouble ratePerSecond)
    implements LatencySummary {

  private static final BigInteger NANOS = BigInteger.valueOf(1_000);
  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

  static ExactSummary empty(LatencyQuery query, TimeRange range) {
    return new ExactSummary(
        0,
        0,
        BigInteger.ZERO,
        BigInteger.ZERO,
        0,
        0,
        query.percentiles(),
        List.of(),
        range.ratePerSecond(0));
  }

  @Override
  public Optional<Duration> min() {
    return count == 0 ? Optional.empty() : Optional.of(Micros.toDuration(minMicros));
  }

  @Override
  public Optional<Duration> max() {
    return count == 0 ? Optional.empty() : Optional.of(Micros.toDuration(maxMicros));
  }

  @Override
  public Optional<Duration> mean() {
    return count == 0
        ? Optional.empty()
        : Optional.of(nanos(sumMicros.multiply(NANOS).divide(BigInteger.valueOf(count))));
  }

  /** The root of {@code (n · Σx² − (Σx)²) / n²}, in integers throughout. */
  @Override
  public Optional<Duration> standardDeviation() {
    if (count == 0) {
      return Optional.empty();
    }
    BigInteger n = BigInteger.valueOf(count);
    BigInteger scaled = n.multiply(squares).subtract(sumMicros.pow(2)).multiply(NANOS.pow(2));
    return Optional.of(nanos(scaled.divide(n.pow(2)).sqrt()));
  }

  private static Duration nanos(BigInteger nanos) {
    BigInteger[] parts = nanos.divideAndRemainder(NANOS_PER_SECOND);
    return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact());
  }

  @Override
  public Optional<Duration> percentile(double p) {
    int index = percentiles.indexOf(Ranks.percentile(p));
    if (index >= 0) {
      return count == 0
          ? Optional.empty()
          : Optional.of(Micros.toDuration(percentileValues.get(index)));
    } else if (p == 0) {
      return min();
    } else if (p == 100) {
      return max();
    }
    throw new IllegalArgumentException(
        "percentile "
            + Ranks.percentile(p).toPlainString()
            + " is not in this summary, which holds "
            + percentiles
            + "; name it in the query with percentiles(…)");
  }

  @Override
  public SortedMap<BigDecimal, Long> percentilesMicros() {
    SortedMap<BigDecimal, Long> values = new TreeMap<>();
    for (int i = 0; i < percentileValues.size(); i++) {
      values.put(percentiles.get(i), percentileValues.get(i));
    }
    return Collections.unmodifiableSortedMap(values);
  }
}
