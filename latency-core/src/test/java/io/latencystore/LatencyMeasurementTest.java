package io.latencystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.InvalidMeasurementException.Reason;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class LatencyMeasurementTest {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  private static LatencyMeasurement measurement(Instant timestamp, Duration latency) {
    return new LatencyMeasurement(timestamp, latency, "editor", "hover", true, null);
  }

  private static void assertRejected(
      ThrowingCallable making, Reason reason, String... namedInMessage) {
    assertThatThrownBy(making)
        .isInstanceOfSatisfying(
            InvalidMeasurementException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              for (String named : namedInMessage) {
                assertThat(e).hasMessageContaining(named);
              }
            });
  }

  @Test
  void valuesAreFlooredToMicroseconds() {
    LatencyMeasurement measurement = measurement(NOON.plusNanos(1_999), Duration.ofNanos(2_999));

    assertThat(measurement.timestamp()).isEqualTo(NOON.plusNanos(1_000));
    assertThat(measurement.latency()).isEqualTo(Duration.ofNanos(2_000));
    assertThat(measurement.latencyMicros()).isEqualTo(2);
  }

  @Test
  void timestampsBeforeTheEpochAreFlooredDownwards() {
    LatencyMeasurement measurement = measurement(Instant.EPOCH.minusNanos(1), Duration.ZERO);

    assertThat(measurement.timestampMicros()).isEqualTo(-1);
    assertThat(measurement.timestamp()).isEqualTo(Instant.EPOCH.minusNanos(1_000));
  }

  @Test
  void theOutermostValuesAreLegal() {
    for (long timestamp : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
      for (long latency : new long[] {0, 1, Long.MAX_VALUE}) {
        LatencyMeasurement made =
            LatencyMeasurement.ofMicros(timestamp, latency, "", "", false, "");

        assertThat(made.timestampMicros()).isEqualTo(timestamp);
        assertThat(made.latencyMicros()).isEqualTo(latency);
        assertThat(measurement(made.timestamp(), made.latency()).latencyMicros())
            .isEqualTo(latency);
      }
    }
  }

  @Test
  void aNegativeLatencyIsRejectedByItsValue() {
    assertRejected(
        () -> measurement(NOON, Duration.ofNanos(-1)), Reason.NEGATIVE_LATENCY, "PT-0.000000001S");
    assertRejected(
        () -> measurement(NOON, Duration.ofSeconds(Long.MIN_VALUE)), Reason.NEGATIVE_LATENCY);
    assertRejected(
        () -> LatencyMeasurement.ofMicros(0, -5, "a", "b", true, null),
        Reason.NEGATIVE_LATENCY,
        "-5");
  }

  @Test
  void aLatencyThatDoesNotFitIsRejectedByItsValue() {
    Duration most = Micros.toDuration(Long.MAX_VALUE);
    assertThat(measurement(NOON, most.plusNanos(999)).latencyMicros()).isEqualTo(Long.MAX_VALUE);

    assertRejected(
        () -> measurement(NOON, most.plusNanos(1_000)),
        Reason.LATENCY_TOO_LARGE,
        most.plusNanos(1_000).toString(),
        most.toString());
    assertRejected(
        () -> measurement(NOON, Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)),
        Reason.LATENCY_TOO_LARGE);
  }

  @Test
  void anUnsignedLatencyBeyondTheRangeIsRejectedAsUnsigned() {
    assertThat(
            LatencyMeasurement.ofUnsignedMicros(0, Long.MAX_VALUE, "a", "b", true, null)
                .latencyMicros())
        .isEqualTo(Long.MAX_VALUE);
    assertRejected(
        () -> LatencyMeasurement.ofUnsignedMicros(0, -1, "a", "b", true, null),
        Reason.LATENCY_TOO_LARGE,
        "18446744073709551615");
    assertRejected(
        () -> LatencyMeasurement.ofUnsignedMicros(0, Long.MIN_VALUE, "a", "b", true, null),
        Reason.LATENCY_TOO_LARGE,
        "9223372036854775808");
  }

  @Test
  void aTimestampThatDoesNotFitIsRejectedByItsValue() {
    Instant latest = Micros.toInstant(Long.MAX_VALUE);
    Instant earliest = Micros.toInstant(Long.MIN_VALUE);
    assertThat(measurement(latest.plusNanos(999), Duration.ZERO).timestamp()).isEqualTo(latest);

    for (Instant outside :
        new Instant[] {latest.plusNanos(1_000), earliest.minusNanos(1), Instant.MAX, Instant.MIN}) {
      assertRejected(
          () -> measurement(outside, Duration.ZERO),
          Reason.TIMESTAMP_OUT_OF_RANGE,
          outside.toString(),
          earliest.toString(),
          latest.toString());
    }
  }

  @Test
  void namesAndMetadataAreCheckedWithTheirReason() {
    assertRejected(
        () -> new LatencyMeasurement(NOON, Duration.ZERO, "a\0b", "c", true, null),
        Reason.NAME,
        "component",
        "index 1");
    assertRejected(
        () -> new LatencyMeasurement(NOON, Duration.ZERO, "a", "\ud83d", true, null),
        Reason.NAME,
        "command",
        "surrogate");
    assertRejected(
        () -> new LatencyMeasurement(NOON, Duration.ZERO, "a", "b", true, "x\0"),
        Reason.METADATA,
        "metadata",
        "index 1");
  }

  @Test
  void metadataMayHaveSixteenKibibytes() {
    String most = "é".repeat(LatencyMeasurement.MAX_METADATA_BYTES / 2);
    assertThat(new LatencyMeasurement(NOON, Duration.ZERO, "a", "b", true, most).metadata())
        .isEqualTo(most);

    assertRejected(
        () -> new LatencyMeasurement(NOON, Duration.ZERO, "a", "b", true, most + "x"),
        Reason.METADATA,
        "16385 bytes",
        "16384");
  }
}
