package io.latencystore.policy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before another attempt to write. There is no last attempt: the spool keeps what
 * waits.
 */
@FunctionalInterface
public interface RetryPolicy {

  /**
   * The pause before an attempt.
   *
   * @param failures how many attempts have failed in a row, from 1
   */
  Duration pause(int failures);

  /**
   * Doubles the pause from {@code first} up to {@code longest}, then takes off up to half of it at
   * random, so that several processes do not come back at the same moment.
   *
   * @throws IllegalArgumentException if {@code first} is not positive or longer than {@code
   *     longest}
   */
  static RetryPolicy exponential(Duration first, Duration longest) {
    if (first.isNegative() || first.isZero() || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "exponential("
              + first
              + ", "
              + longest
              + "): the first must be positive and at most the longest");
    }
    return failures -> {
      int doublings = Math.min(Math.max(failures, 1) - 1, 30);
      Duration pause = first.multipliedBy(1L << doublings);
      long nanos = pause.compareTo(longest) < 0 ? pause.toNanos() : longest.toNanos();
      return Duration.ofNanos(
          nanos - (long) (nanos * 0.5 * ThreadLocalRandom.current().nextDouble()));
    };
  }
}
