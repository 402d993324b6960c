package io.latencystore.policy;

import java.time.Duration;

/**
 * What recording does when the spool has reached its limit, because the database has been away or
 * slow for long.
 *
 * @param kind what happens
 * @param patience how long {@link Kind#BLOCK} waits for room
 */
public record OverflowPolicy(Kind kind, Duration patience) {

  /** What happens to a measurement that finds no room. */
  public enum Kind {
    /**
     * The caller waits for room for a while; then it is dropped and counted, and so are others
     * until there is room.
     */
    BLOCK,
    /** It is dropped and counted at once. */
    DROP_NEWEST,
    /** The caller gets a {@code StoreOverloadedException}. */
    FAIL
  }

  /**
   * Waits for room, for as long as {@code patience}. Once that was in vain, nobody waits again
   * until there was room.
   *
   * @throws IllegalArgumentException if the patience is negative
   */
  public static OverflowPolicy block(Duration patience) {
    if (patience.isNegative()) {
      throw new IllegalArgumentException("block(" + patience + "): must not be negative");
    }
    return new OverflowPolicy(Kind.BLOCK, patience);
  }

  /** Drops and counts what finds no room. */
  public static OverflowPolicy dropNewest() {
    return new OverflowPolicy(Kind.DROP_NEWEST, Duration.ZERO);
  }

  /** Throws when there is no room: the only case in which recording throws. */
  public static OverflowPolicy fail() {
    return new OverflowPolicy(Kind.FAIL, Duration.ZERO);
  }
}
