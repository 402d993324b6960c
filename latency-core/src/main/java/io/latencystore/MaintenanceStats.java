package io.latencystore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known here of the upkeep of a database; each is null until it is known.
 *
 * @param watermark the moment before which everything has expired
 * @param oldest the oldest measurement, when it was last looked for
 * @param lastRetention when retention was last applied by this store
 * @param lastCompaction when this store last had nothing left to compact
 * @param strays how many blocks or rows lay outside any partition of their own when this store last
 *     looked; see {@link StoreCheck#strays}. Never known where there are no partitions
 */
public record MaintenanceStats(
    @Nullable Instant watermark,
    @Nullable Instant oldest,
    @Nullable Instant lastRetention,
    @Nullable Instant lastCompaction,
    @Nullable Long strays) {

  /** Of a database that no upkeep has looked at. */
  public static final MaintenanceStats NONE = new MaintenanceStats(null, null, null, null, null);
}
