package io.latencystore;

/** Why a measurement that was taken is not kept. */
public enum DropReason {
  /** The spool was full, because the database has been away or slow for long. */
  OVERFLOW,
  /** There were as many distinct series as there may be, or no room to note the name of another. */
  TOO_MANY_SERIES,
  /** The database refused it; it is in the dead-letter file, where there is a spool directory. */
  REFUSED,
  /** It came when its time had expired already; see {@code RetentionPolicy}. */
  EXPIRED,
  /** {@code append} could not commit it, and said so. */
  NOT_APPENDED,
  /** It was recorded while or after the store was closed. */
  CLOSED,
  /** It was in a spool in memory that could not be stored before the store was closed. */
  LOST_AT_CLOSE
}
