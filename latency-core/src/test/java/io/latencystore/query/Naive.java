package io.latencystore.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What queries mean, told on lists as simply as possible. */
final class Naive {

  static final Comparator<LatencyMeasurement> NEWEST_FIRST =
      Comparator.comparing(LatencyMeasurement::timestamp, Comparator.reverseOrder())
          .thenComparing(Naive::compareContent);

  static final Comparator<LatencyMeasurement> OLDEST_FIRST =
      Comparator.comparing(LatencyMeasurement::timestamp).thenComparing(Naive::compareContent);

  private static final MathContext PRECISE = new MathContext(120);

  private Naive() {}

  private static int compareContent(LatencyMeasurement a, LatencyMeasurement b) {
    int order = compareText(a.component(), b.component());
    order = order != 0 ? order : compareText(a.command(), b.command());
    order = order != 0 ? order : a.latency().compareTo(b.latency());
    order = order != 0 ? order : Boolean.compare(a.success(), b.success());
    return order != 0 ? order : compareMetadata(a.metadata(), b.metadata());
  }

  private static int compareMetadata(@Nullable String a, @Nullable String b) {
    return a == null || b == null ? Boolean.compare(a != null, b != null) : compareText(a, b);
  }

  private static int compareText(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }

  /** The measurements that a query is about. */
  static List<LatencyMeasurement> matching(
      List<LatencyMeasurement> measurements, LatencyQuery query) {
    return measurements.stream().filter(m -> matches(m, query)).toList();
  }

  private static boolean matches(LatencyMeasurement m, LatencyQuery query) {
    return (query.components().isEmpty() || query.components().contains(m.component()))
        && (query.commands().isEmpty() || query.commands().contains(m.command()))
        && query.success().map(wanted -> wanted == m.success()).orElse(true)
        && query.from().map(from -> !m.timestamp().isBefore(from)).orElse(true)
        && query.to().map(to -> m.timestamp().isBefore(to)).orElse(true)
        && m.latencyMicros() >= query.latencyAtLeastMicros()
        && (query.latencyBelowMicros().isEmpty()
            || m.latencyMicros() < query.latencyBelowMicros().getAsLong());
  }

  /** Asserts every figure of a summary but the rate. */
  static void assertSummary(
      LatencySummary summary, List<LatencyMeasurement> matching, List<BigDecimal> percentiles) {
    long[] latencies =
        matching.stream().mapToLong(LatencyMeasurement::latencyMicros).sorted().toArray();
    int n = latencies.length;
    BigInteger sum =
        Arrays.stream(latencies)
            .mapToObj(BigInteger::valueOf)
            .reduce(BigInteger.ZERO, BigInteger::add);
    long errors = matching.stream().filter(m -> !m.success()).count();
    assertThat(summary.count()).isEqualTo(n);
    assertThat(summary.errors()).isEqualTo(errors);
    assertThat(summary.errorRate()).isEqualTo(n == 0 ? 0 : errors / (double) n);
    assertThat(summary.sumMicros()).isEqualTo(sum);
    assertThat(summary.min()).isEqualTo(n == 0 ? Optional.empty() : micros(latencies[0]));
    assertThat(summary.max()).isEqualTo(n == 0 ? Optional.empty() : micros(latencies[n - 1]));
    assertThat(summary.mean()).isEqualTo(n == 0 ? Optional.empty() : mean(sum, n));
    assertThat(summary.standardDeviation())
        .isEqualTo(n == 0 ? Optional.empty() : deviation(latencies, sum));
    TreeMap<BigDecimal, Long> values = new TreeMap<>();
    for (BigDecimal p : percentiles) {
      Optional<Duration> expected = n == 0 ? Optional.empty() : micros(latencies[rank(p, n) - 1]);
      assertThat(summary.percentile(p.doubleValue())).as("percentile %s", p).isEqualTo(expected);
      if (n > 0) {
        values.put(p, latencies[rank(p, n) - 1]);
      }
    }
    assertThat(summary.percentilesMicros()).isEqualTo(values);
  }

  static int rank(BigDecimal p, int n) {
    BigInteger scaled = p.multiply(BigDecimal.valueOf(n)).movePointRight(20).toBigIntegerExact();
    BigInteger unit = BigInteger.TEN.pow(22);
    return Math.max(1, scaled.add(unit).subtract(BigInteger.ONE).divide(unit).intValueExact());
  }

  private static Optional<Duration> micros(long micros) {
    return nanos(BigInteger.valueOf(micros).multiply(BigInteger.valueOf(1_000)));
  }

  private static Optional<Duration> mean(BigInteger sum, int n) {
    return nanos(
        new BigDecimal(sum)
            .movePointRight(3)
            .divide(BigDecimal.valueOf(n), 0, RoundingMode.FLOOR)
            .toBigIntegerExact());
  }

  /** From the deviations themselves: √(Σ (n·x − Σx)² / n³). */
  private static Optional<Duration> deviation(long[] latencies, BigInteger sum) {
    BigInteger n = BigInteger.valueOf(latencies.length);
    BigInteger squares = BigInteger.ZERO;
    for (long latency : latencies) {
      squares = squares.add(BigInteger.valueOf(latency).multiply(n).subtract(sum).pow(2));
    }
    BigDecimal micros =
        new BigDecimal(squares).divide(new BigDecimal(n.pow(3)), PRECISE).sqrt(PRECISE);
    return nanos(micros.movePointRight(3).setScale(0, RoundingMode.FLOOR).toBigIntegerExact());
  }

  private static Optional<Duration> nanos(BigInteger nanos) {
    BigInteger[] parts = nanos.divideAndRemainder(BigInteger.valueOf(1_000_000_000));
    return Optional.of(Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact()));
  }

  /** Asserts the rate of a summary over a window; null, or beyond the range, is no bound. */
  static void assertRate(
      LatencySummary summary, @Nullable Instant from, @Nullable Instant to, long count) {
    Instant earliest = Micros.toInstant(Long.MIN_VALUE);
    Instant latest = Micros.toInstant(Long.MAX_VALUE);
    if (from == null
        || to == null
        || !from.isBefore(to)
        || from.isBefore(earliest)
        || to.isAfter(latest)) {
      assertThat(summary.ratePerSecond()).isEmpty();
      return;
    }
    Duration length = Duration.between(from, to);
    double seconds = length.getSeconds() + length.getNano() / 1e9;
    double expected = count / seconds;
    assertThat(summary.ratePerSecond()).isPresent();
    assertThat(summary.ratePerSecond().getAsDouble()).isCloseTo(expected, within(expected * 1e-9));
  }
}
