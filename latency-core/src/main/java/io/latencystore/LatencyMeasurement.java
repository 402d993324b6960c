package io.latencystore;

import io.latencystore.InvalidMeasurementException.Reason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One latency: when, how long, of what, and did it succeed.
 *
 * <p>Timestamp and latency are kept in whole microseconds, floored on construction, so that what is
 * read back equals what was built.
 *
 * @param timestamp the end of the operation; any moment that fits in signed 64-bit microseconds
 *     around 1970
 * @param latency how long it took; zero or more, and at most {@link Long#MAX_VALUE} microseconds
 * @param component see {@link Series#component()}
 * @param command see {@link Series#command()}
 * @param success whether the operation succeeded
 * @param metadata any text that belongs to this measurement, JSON by convention, at most {@value
 *     #MAX_METADATA_BYTES} bytes of UTF-8; null for none
 */
public record LatencyMeasurement(
    Instant timestamp,
    Duration latency,
    String component,
    String command,
    boolean success,
    @Nullable String metadata) {

  /** The longest metadata, in bytes of UTF-8. */
  public static final int MAX_METADATA_BYTES = 16 * 1024;

  /**
   * A measurement of these values.
   *
   * @throws InvalidMeasurementException if a value cannot be stored; the message names it
   */
  public LatencyMeasurement {
    timestamp = Micros.toInstant(Micros.ofTimestamp(timestamp));
    latency = Micros.toDuration(Micros.ofLatency(latency));
    Text.checkName("component", component, Series.MAX_COMPONENT_BYTES);
    Text.checkName("command", command, Series.MAX_COMMAND_BYTES);
    if (metadata != null) {
      Text.checkMetadata(metadata, MAX_METADATA_BYTES);
    }
  }

  /**
   * A measurement from microseconds.
   *
   * @param timestampMicros microseconds since the Unix epoch, negative before it
   * @param latencyMicros microseconds, not negative
   * @throws InvalidMeasurementException if a value cannot be stored; the message names it
   */
  public static LatencyMeasurement ofMicros(
      long timestampMicros,
      long latencyMicros,
      String component,
      String command,
      boolean success,
      @Nullable String metadata) {
    Micros.checkLatency(latencyMicros);
    return new LatencyMeasurement(
        Micros.toInstant(timestampMicros),
        Micros.toDuration(latencyMicros),
        component,
        command,
        success,
        metadata);
  }

  /**
   * A measurement from a source whose latencies are unsigned 64-bit microseconds.
   *
   * @param timestampMicros microseconds since the Unix epoch, negative before it
   * @param unsignedLatencyMicros microseconds, read as an unsigned number
   * @throws InvalidMeasurementException if the latency is beyond {@link Long#MAX_VALUE}, or another
   *     value cannot be stored; the message names it
   */
  public static LatencyMeasurement ofUnsignedMicros(
      long timestampMicros,
      long unsignedLatencyMicros,
      String component,
      String command,
      boolean success,
      @Nullable String metadata) {
    if (unsignedLatencyMicros < 0) {
      throw new InvalidMeasurementException(
          Reason.LATENCY_TOO_LARGE,
          "latency "
              + Long.toUnsignedString(unsignedLatencyMicros)
              + " µs does not fit in signed 64-bit microseconds; at most "
              + Long.MAX_VALUE);
    }
    return ofMicros(timestampMicros, unsignedLatencyMicros, component, command, success, metadata);
  }

  /** The timestamp in microseconds since the Unix epoch. */
  public long timestampMicros() {
    return Micros.ofTimestamp(timestamp);
  }

  /** The latency in microseconds. */
  public long latencyMicros() {
    return Micros.ofLatency(latency);
  }
}
