package io.latencystore;

import java.time.Duration;

/**
 * A step of maintenance that is done and committed.
 *
 * @param kind what it did
 * @param count of how many, in the kind's own unit
 * @param took how long it took
 */
public record MaintenanceStep(Kind kind, long count, Duration took) {

  /** What a step does. */
  public enum Kind {
    /** Deleted expired measurements; counts those. */
    EXPIRE,
    /** Merged small blocks into fewer; counts those that were merged. */
    COMPACT,
    /** Gave strays a partition of their own; counts the blocks or rows that moved. */
    GATHER,
    /** Gave space back to the file system; counts bytes. */
    GIVE_BACK
  }
}
