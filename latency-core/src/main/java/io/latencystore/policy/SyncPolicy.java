package io.latencystore.policy;

import java.time.Duration;

/**
 * When the spool is made to survive a power cut. A crash of the process alone loses nothing of it
 * under any policy, and what is committed in the database needs no sync here.
 *
 * @param interval how long something uncommitted may stay unsynced, before it is synced in the
 *     background
 * @param beforeReturning whether recording waits for a sync of its own
 */
public record SyncPolicy(Duration interval, boolean beforeReturning) {

  /**
   * Syncs in the background what has stayed uncommitted for this long.
   *
   * @throws IllegalArgumentException if the interval is below 100 milliseconds
   */
  public static SyncPolicy every(Duration interval) {
    if (interval.toMillis() < 100) {
      throw new IllegalArgumentException("every(" + interval + "): must be at least 100 ms");
    }
    return new SyncPolicy(interval, false);
  }

  /** Syncs only when {@code flush} or {@code close} finds the database away. */
  public static SyncPolicy everyFlush() {
    return new SyncPolicy(Duration.ofDays(36_500), false);
  }

  /**
   * Syncs before each record returns, which then takes as long as the disk does; a sync that fails
   * is thrown to the caller.
   */
  public static SyncPolicy everyRecord() {
    return new SyncPolicy(Duration.ofDays(36_500), true);
  }
}
