package io.latencystore;

/** How a store is doing. */
public enum StoreState {
  /** What is recorded reaches the database. */
  HEALTHY,
  /** The last attempt to write failed; it is being repeated. */
  RETRYING,
  /**
   * Several attempts in a row failed; what is recorded collects in the spool, and attempts go on.
   */
  SPOOLING,
  /**
   * The store writes no more; {@link LatencyStore#flush} says why. What is recorded stays in the
   * spool.
   */
  FAILED,
  /** The store was closed. */
  CLOSED
}
