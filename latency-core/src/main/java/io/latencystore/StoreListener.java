package io.latencystore;

import io.latencystore.InvalidMeasurementException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Hears of what happens to a store behind its caller's back. Called on the thread where it happens,
 * which may be a recording one, so it should be quick; what it throws is logged and otherwise
 * ignored.
 */
public interface StoreListener {

  /**
   * The store does differently than before.
   *
   * @param cause what made it so, or null if it is well
   */
  default void stateChanged(StoreState before, StoreState now, @Nullable Throwable cause) {}

  /** A value was refused at the door; see {@link StoreStats#rejected}. */
  default void rejected(Series series, Reason reason) {}

  /** A measurement found no place in the spool; see {@link StoreStats#dropped}. */
  default void dropped(Series series, DropReason reason) {}

  /**
   * A measurement that the database refuses was put aside.
   *
   * @param measurement the measurement, which is in the dead-letter file
   * @param cause what the database said
   */
  default void deadLettered(LatencyMeasurement measurement, Throwable cause) {}

  /** A step of maintenance is done and committed. */
  default void maintained(MaintenanceStep step) {}
}
