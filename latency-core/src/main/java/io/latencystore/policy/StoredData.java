package io.latencystore.policy;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a database holds, as far as a retention policy may want to know: one snapshot, of which each
 * figure is looked up when it is asked for. Everything but {@link #now}, {@link #oldest} and {@link
 * #newest} of the whole takes reading all that is stored. What has expired already is not in it.
 * Valid until the policy returns.
 */
public interface StoredData {

  /**
   * The present: the store's clock or the newest measurement, whichever is earlier, so that a clock
   * that runs ahead makes nothing older.
   */
  Instant now();

  /** The moment of the oldest measurement, or somewhat before it; empty if there is none. */
  Optional<Instant> oldest();

  /** The moment of the newest measurement; empty if there is none. */
  Optional<Instant> newest();

  /** How many measurements there are, give or take those of one hour. */
  long measurements();

  /** About how many bytes they take. */
  long bytes();

  /** The components there are. */
  Set<String> components();

  /** What there is of one component. */
  StoredData component(String name);

  /**
   * The latest moment, of those between two stretches of time, from which on there are at least so
   * many measurements; empty if there are not so many.
   */
  Optional<Instant> sinceNewest(long measurements);

  /**
   * The earliest moment, of those between two stretches of time, from which on the measurements
   * take at most so many bytes, though not so late that nothing is left; empty if all of them do.
   */
  Optional<Instant> sinceBytes(long bytes);
}
