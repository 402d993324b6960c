package io.latencystore.policy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** See {@link RetryPolicy#exponential}. */
record Exponential(Duration first, Duration longest) implements RetryPolicy {

  @Override
  public Duration pause(int failures) {
    int doublings = Math.min(Math.max(failures, 1) - 1, 30);
    Duration pause = first.multipliedBy(1L << doublings);
    long nanos = pause.compareTo(longest) < 0 ? pause.toNanos() : longest.toNanos();
    return Duration.ofNanos(
        nanos - (long) (nanos * 0.5 * ThreadLocalRandom.current().nextDouble()));
  }
}
