package io.latencystore;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What retention did, or, of a plan, what it would do.
 *
 * @param cutoff the moment before which everything has expired, or null if nothing has
 * @param componentCutoffs the later moments before which everything of single components has
 * @param measurements how many measurements were deleted, about; of a plan, exactly how many would
 *     not be seen any more
 * @param bytesGivenBack how much space was given back to the file system
 */
public record RetentionReport(
    @Nullable Instant cutoff,
    Map<String, Instant> componentCutoffs,
    long measurements,
    long bytesGivenBack) {

  /** A report of these figures. */
  public RetentionReport {
    componentCutoffs = Map.copyOf(componentCutoffs);
  }
}
