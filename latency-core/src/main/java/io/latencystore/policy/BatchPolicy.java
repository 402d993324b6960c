package io.latencystore.policy;

import java.time.Duration;

/**
 * When what waits is written. Small batches cost space and time; nothing is at risk while
 * measurements wait in the spool. Called often by the writer, so it should be quick; one that
 * throws is reported and taken for "now".
 */
@FunctionalInterface
public interface BatchPolicy {

  /** How long the batch may still wait; zero or less for "write it now". */
  Duration patience(PendingBatch batch);

  /** Writes once this many measurements wait. */
  static BatchPolicy upTo(long measurements) {
    if (measurements < 1) {
      throw new IllegalArgumentException("upTo(" + measurements + "): must be at least 1");
    }
    return new UpTo(measurements);
  }

  /** Writes once the oldest measurement has waited this long. */
  static BatchPolicy within(Duration age) {
    if (age.isNegative()) {
      throw new IllegalArgumentException("within(" + age + "): must not be negative");
    }
    return new Within(age);
  }

  /** Writes as soon as this policy or the other would. */
  default BatchPolicy or(BatchPolicy other) {
    return new Sooner(this, other);
  }
}
