package io.latencystore.policy;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long measurements are kept. What has expired is invisible from then on, and is deleted soon
 * after. Asked now and then by maintenance; one that throws is reported, and deletes nothing.
 *
 * <p>What has expired stays so, whatever policy comes next.
 */
@FunctionalInterface
public interface RetentionPolicy {

  /** The longest age there is; more does not fit into an {@link java.time.Instant} everywhere. */
  Duration LONGEST = Duration.ofDays(100_000_000);

  /** What of the data has expired. */
  Expiry expiry(StoredData stored);

  /**
   * Keeps measurements for so long.
   *
   * @throws IllegalArgumentException if it is not positive, or longer than 100,000,000 days
   */
  static RetentionPolicy keepFor(Duration age) {
    if (age.isNegative() || age.isZero() || age.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "keepFor(" + age + "): must be positive and at most 100000000 days");
    }
    return stored -> Expiry.olderThan(age, stored.now());
  }

  /**
   * Keeps at least so many measurements, the newest, and not many more: it expires whole slots of
   * time.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  static RetentionPolicy keepNewest(long measurements) {
    if (measurements < 1) {
      throw new IllegalArgumentException("keepNewest(" + measurements + "): must be at least 1");
    }
    return stored ->
        stored.sinceNewest(measurements).map(Expiry::before).orElseGet(Expiry::nothing);
  }

  /**
   * Keeps at most about so many bytes on disk, the newest; it expires whole slots of time, though
   * never the newest.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  static RetentionPolicy keepBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("keepBytes(" + bytes + "): must be at least 1");
    }
    return stored -> stored.sinceBytes(bytes).map(Expiry::before).orElseGet(Expiry::nothing);
  }

  /** Lets a policy hold for one component, beside those that hold for all. */
  static RetentionPolicy forComponent(String component, RetentionPolicy policy) {
    return stored -> policy.expiry(stored.component(component)).of(component);
  }

  /** Expires what any of these policies would. */
  static RetentionPolicy strictest(RetentionPolicy... policies) {
    return Arrays.stream(policies).reduce(stored -> Expiry.nothing(), RetentionPolicy::and);
  }

  /** Expires what this policy or the other would. */
  default RetentionPolicy and(RetentionPolicy other) {
    return stored -> expiry(stored).and(other.expiry(stored));
  }
}
