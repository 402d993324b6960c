package io.latencystore;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/**
 * What a set of measurements amounts to. All figures are exact; failures count unless the query
 * left them out. Immutable.
 *
 * <p>Of an empty set the count is 0, the error rate is 0, and whatever needs a measurement is
 * empty.
 */
public interface LatencySummary {

  /** How many measurements there are. */
  long count();

  /** How many of them failed. */
  long errors();

  /** Failures divided by all, from 0 to 1. */
  default double errorRate() {
    return count() == 0 ? 0 : (double) errors() / count();
  }

  /** The sum of all latencies in microseconds. */
  BigInteger sumMicros();

  /** The smallest latency. */
  Optional<Duration> min();

  /** The largest latency. */
  Optional<Duration> max();

  /** The arithmetic mean, floored to a nanosecond. */
  Optional<Duration> mean();

  /** The population's standard deviation, floored to a nanosecond. */
  Optional<Duration> standardDeviation();

  /**
   * The nearest-rank percentile: the value at rank {@code ceil(p / 100 · count)} of the latencies
   * in ascending order, at rank 1 for p = 0, computed from p's decimal value. {@code percentile(0)}
   * is the minimum, {@code percentile(100)} the maximum.
   *
   * @param p one of the percentiles that the query named, or 0, or 100
   * @throws IllegalArgumentException if the query did not name p; the message says how to
   */
  Optional<Duration> percentile(double p);

  /**
   * The percentiles that the query named, ascending, with their values in microseconds; no entries
   * if there is nothing.
   */
  SortedMap<BigDecimal, Long> percentilesMicros();

  /**
   * Measurements a second over the length of the window; empty if the window has no begin or no
   * end.
   */
  OptionalDouble ratePerSecond();
}
