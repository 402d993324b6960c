package io.latencystore.policy;

import java.time.Duration;

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
    return new Exponential(first, longest);
  }
}
