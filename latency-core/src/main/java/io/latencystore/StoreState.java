package io.latencystore;

/** How a store is doing. */
public enum StoreState {
  /** What is recorded reaches the database. */
  HEALTHY,
  /** The last attempt to write failed; it is being repeated. */
  RETRYING,
  /** The store writes no more; {@link LatencyStore#flush} says why. */
  FAILED,
  /** The store was closed. */
  CLOSED
}
