package io.latencystore.testkit;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencySummary;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** A summary by the definitions, from sorted latencies. */
record NaiveSummary(
    List<BigInteger> sorted,
    long errors,
    List<BigDecimal> percentiles,
    OptionalDouble ratePerSecond)
    implements LatencySummary {

  private static final BigInteger NANOS = BigInteger.valueOf(1_000);

  static NaiveSummary of(
      List<LatencyMeasurement> measurements,
      List<BigDecimal> percentiles,
      OptionalDouble windowSeconds) {
    double seconds = windowSeconds.orElse(0);
    return new NaiveSummary(
        measurements.stream()
            .map(measurement -> BigInteger.valueOf(measurement.latencyMicros()))
            .sorted()
            .toList(),
        measurements.stream().filter(measurement -> !measurement.success()).count(),
        percentiles,
        seconds == 0 ? OptionalDouble.empty() : OptionalDouble.of(measurements.size() / seconds));
  }

  @Override
  public long count() {
    return sorted.size();
  }

  @Override
  public BigInteger sumMicros() {
    return sorted.stream().reduce(BigInteger.ZERO, BigInteger::add);
  }

  @Override
  public Optional<Duration> min() {
    return sorted.stream().findFirst().map(NaiveSummary::duration);
  }

  @Override
  public Optional<Duration> max() {
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(duration(sorted.get(sorted.size() - 1)));
  }

  @Override
  public Optional<Duration> mean() {
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(nanos(sumMicros().multiply(NANOS).divide(BigInteger.valueOf(sorted.size()))));
  }

  /** The root of the mean square of the distances from the mean, over the common denominator. */
  @Override
  public Optional<Duration> standardDeviation() {
    if (sorted.isEmpty()) {
      return Optional.empty();
    }
    BigInteger n = BigInteger.valueOf(sorted.size());
    BigInteger sum = sumMicros();
    BigInteger distances =
        sorted.stream()
            .map(latency -> latency.multiply(n).subtract(sum).pow(2))
            .reduce(BigInteger.ZERO, BigInteger::add);
    return Optional.of(nanos(distances.multiply(NANOS.pow(2)).divide(n.pow(3)).sqrt()));
  }

  @Override
  public Optional<Duration> percentile(double p) {
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(duration(nearestRank(BigDecimal.valueOf(p))));
  }

  @Override
  public SortedMap<BigDecimal, Long> percentilesMicros() {
    SortedMap<BigDecimal, Long> values = new TreeMap<>();
    if (!sorted.isEmpty()) {
      percentiles.forEach(p -> values.put(p, nearestRank(p).longValueExact()));
    }
    return values;
  }

  private BigInteger nearestRank(BigDecimal p) {
    int rank =
        p.multiply(BigDecimal.valueOf(sorted.size()))
            .movePointLeft(2)
            .setScale(0, RoundingMode.CEILING)
            .intValueExact();
    return sorted.get(Math.max(1, rank) - 1);
  }

  private static Duration duration(BigInteger micros) {
    return nanos(micros.multiply(NANOS));
  }

  private static Duration nanos(BigInteger nanos) {
    BigInteger[] parts = nanos.divideAndRemainder(BigInteger.TEN.pow(9));
    return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact());
  }
}
