package io.latencystore;

/** Where everything recorded before a flush now is. */
public enum FlushResult {
  /** Committed in the database. */
  STORED,
  /** Synced in the spool, to be committed when the database is back. */
  SPOOLED
}
