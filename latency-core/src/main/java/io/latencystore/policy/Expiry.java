package io.latencystore.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has expired: everything before any of these cutoffs.
 *
 * @param cutoffs the cutoffs; of several for the same component the latest counts
 */
public record Expiry(List<Cutoff> cutoffs) {

  private static final Expiry NOTHING = new Expiry(List.of());

  /**
   * A moment before which everything has expired.
   *
   * @param component the only component of which it has, or null for all
   * @param before the moment
   * @param age the age that the moment follows from, or null if it follows from none. A moment that
   *     follows from an age moves as time does; one that would leap waits, since it may be the
   *     clock that leapt
   */
  public record Cutoff(@Nullable String component, Instant before, @Nullable Duration age) {}

  /** An expiry with these cutoffs. */
  public Expiry {
    cutoffs = List.copyOf(cutoffs);
  }

  /** Nothing has expired. */
  public static Expiry nothing() {
    return NOTHING;
  }

  /** Everything before a moment, at once. */
  public static Expiry before(Instant moment) {
    return new Expiry(List.of(new Cutoff(null, moment, null)));
  }

  /** Everything that is older than an age. */
  public static Expiry olderThan(Duration age, Instant now) {
    return new Expiry(List.of(new Cutoff(null, now.minus(age), age)));
  }

  /** The same for one component; what this says of another component stays away. */
  public Expiry of(String component) {
    return new Expiry(
        cutoffs.stream()
            .filter(cutoff -> cutoff.component == null || cutoff.component.equals(component))
            .map(cutoff -> new Cutoff(component, cutoff.before, cutoff.age))
            .toList());
  }

  /** What has expired by this or by another. */
  public Expiry and(Expiry other) {
    List<Cutoff> both = new ArrayList<>(cutoffs);
    both.addAll(other.cutoffs);
    return new Expiry(both);
  }
}
