package io.latencystore;

/**
 * A measurement, or a name in it, cannot be stored as it is. The message names the value and the
 * remedy.
 */
public final class InvalidMeasurementException extends IllegalArgumentException {

  /** What is wrong with the measurement. */
  public enum Reason {
    /** The latency is below zero. */
    NEGATIVE_LATENCY,
    /** The latency does not fit in a signed 64-bit number of microseconds (292,000 years). */
    LATENCY_TOO_LARGE,
    /** The timestamp does not fit in a signed 64-bit number of microseconds around 1970. */
    TIMESTAMP_OUT_OF_RANGE,
    /** A name is null, too long, or no Unicode text. */
    NAME,
    /** The metadata is too long, or no Unicode text. */
    METADATA
  }

  private final Reason reason;

  InvalidMeasurementException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What is wrong with the measurement. */
  public Reason reason() {
    return reason;
  }
}
