package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.NOON_INSTANT;
import static io.latencystore.testkit.Sample.micros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.DropReason;
import io.latencystore.FlushResult;
import io.latencystore.InvalidMeasurementException.Reason;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.StoreState;
import io.latencystore.StoreStats;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Recording, the path that never throws. */
interface RecordingFacet extends StoreFixture {

  @Test
  default void whatIsRecordedIsStoredByAFlush() {
    try (LatencyStore store = open()) {
      store.record(Sample.withMetadata(NOON, "{\"file\":\"a\"}"));
      store.recorder("editor", "save").record(NOON + 1, 7);

      FlushResult result = store.flush();

      assertThat(result).isEqualTo(FlushResult.STORED);
      assertThat(store.stats().committed()).isEqualTo(2);
      assertThat(store.stats().pending()).isZero();
      assertThat(store.last(LatencyQuery.all(), 10))
          .containsExactly(Sample.of(NOON + 1, 7), Sample.withMetadata(NOON, "{\"file\":\"a\"}"));
    }
  }

  @Test
  default void everyFormOfARecorderRecordsTheSameThing() {
    try (LatencyStore store = open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT)))) {
      LatencyRecorder recorder = store.recorder("editor", "save");
      recorder.record(Duration.ofNanos(5_999));
      recorder.record(5, TimeUnit.MICROSECONDS);
      recorder.record(NOON_INSTANT, micros(5));
      recorder.record(NOON, 5);
      recorder.record(micros(5), true);
      recorder.record(NOON_INSTANT, micros(5), true);
      recorder.recordFailure(micros(5));
      recorder.recordFailure(5_000, TimeUnit.NANOSECONDS);
      recorder.recordFailure(NOON_INSTANT, micros(5));
      recorder.recordFailure(NOON, 5);

      List<LatencyMeasurement> found = store.last(LatencyQuery.all(), 100);

      assertThat(recorder.series()).isEqualTo(new Series("editor", "save"));
      assertThat(found.subList(0, 4)).containsOnly(Sample.failed(NOON, 5));
      assertThat(found.subList(4, 10)).containsOnly(Sample.of(NOON, 5));
    }
  }

  @Test
  default void aTimedOperationIsRecordedWithItsOutcomeAndItsExceptionGoesOn() throws Exception {
    try (LatencyStore store = open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT)))) {
      LatencyRecorder recorder = store.recorder("editor", "save");
      IOException failure = new IOException("disk");

      assertThat(recorder.time(() -> "result")).isEqualTo("result");
      assertThatThrownBy(
              () ->
                  recorder.time(
                      () -> {
                        throw failure;
                      }))
          .isSameAs(failure);
      LatencyRecorder.Timing timing = recorder.start();
      timing.fail();
      timing.succeed();

      LatencySummary summary = store.summarize(LatencyQuery.all());
      assertThat(summary.count()).isEqualTo(3);
      assertThat(summary.errors()).isEqualTo(2);
      assertThat(store.last(LatencyQuery.all(), 1).get(0).timestamp()).isEqualTo(NOON_INSTANT);
    }
  }

  @Test
  default void whatCannotBeStoredIsCountedByReasonAndNeverThrown() {
    try (LatencyStore store = open()) {
      LatencyRecorder recorder = store.recorder("editor", "save");

      recorder.record(Duration.ofNanos(-1));
      recorder.record(NOON, -1);
      recorder.recordFailure(NOON, Long.MIN_VALUE);
      recorder.record(-1, TimeUnit.DAYS);
      recorder.record(Long.MIN_VALUE, TimeUnit.DAYS);
      recorder.record(Duration.ofSeconds(Long.MAX_VALUE));
      recorder.record(Long.MAX_VALUE, TimeUnit.MILLISECONDS);
      recorder.recordFailure(Long.MAX_VALUE, TimeUnit.DAYS);
      recorder.record(Instant.MAX, Duration.ZERO);
      recorder.record(Instant.MIN, Duration.ZERO);

      StoreStats stats = store.stats();
      assertThat(stats.rejected())
          .isEqualTo(
              Map.of(
                  Reason.NEGATIVE_LATENCY, 5L,
                  Reason.LATENCY_TOO_LARGE, 3L,
                  Reason.TIMESTAMP_OUT_OF_RANGE, 2L));
      assertThat(stats.recorded()).isZero();
      assertThat(store.summarize(LatencyQuery.all()).count()).isZero();
    }
  }

  @Test
  default void recordedAndAppendedAreCommittedPendingOrDropped() {
    LatencyStore store = open();
    for (int i = 0; i < 5_000; i++) {
      store.recorder("editor", "command-" + i % 40).record(NOON + i, i);
    }
    store.append(Sample.numbered(0, 1_000));

    StoreStats busy = store.stats();
    store.flush();
    StoreStats quiet = store.stats();
    store.close();
    StoreStats closed = store.stats();

    assertThat(busy.recorded()).isEqualTo(5_000);
    assertThat(quiet)
        .isEqualTo(
            new StoreStats(StoreState.HEALTHY, 5_000, 1_000, 0, 6_000, 0, Map.of(), Map.of()));
    assertThat(closed)
        .isEqualTo(
            new StoreStats(StoreState.CLOSED, 5_000, 1_000, 0, 6_000, 0, Map.of(), Map.of()));
  }

  @Test
  default void aQuestionSeesWhatWasRecordedBeforeIt() {
    try (LatencyStore store = open()) {
      LatencyRecorder recorder = store.recorder("editor", "save");
      for (int i = 1; i <= 20; i++) {
        recorder.record(NOON + i, i);

        assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(i);
        assertThat(store.last(LatencyQuery.all(), 1)).containsExactly(Sample.of(NOON + i, i));
      }
    }
  }

  @Test
  default void aFlushOfNothingIsStored() throws Exception {
    try (LatencyStore store = open()) {
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      assertThat(store.flush(Duration.ZERO)).isEqualTo(FlushResult.STORED);
      assertThat(store.flushAsync().get(10, TimeUnit.SECONDS)).isEqualTo(FlushResult.STORED);
    }
  }

  @Test
  default void anAsynchronousFlushStoresWhatWasRecorded() throws Exception {
    try (LatencyStore store = open()) {
      store.record(Sample.of(NOON, 1));

      FlushResult result = store.flushAsync().get(10, TimeUnit.SECONDS);

      assertThat(result).isEqualTo(FlushResult.STORED);
      assertThat(store.stats().committed()).isEqualTo(1);
    }
  }

  @Test
  default void recordingAfterCloseIsCountedAsDropped() {
    LatencyStore store = open();
    LatencyRecorder recorder = store.recorder("editor", "save");
    recorder.record(NOON, 1);
    store.close();

    recorder.record(NOON, 2);
    recorder.recordFailure(micros(3));
    store.record(Sample.of(NOON, 4));

    StoreStats stats = store.stats();
    assertThat(stats.recorded()).isEqualTo(4);
    assertThat(stats.committed()).isEqualTo(1);
    assertThat(stats.dropped()).isEqualTo(Map.of(DropReason.CLOSED, 3L));
    assertThat(stats.pending()).isZero();
  }

  @Test
  default void aClosedStoreSaysSoAndMayBeClosedAgain() {
    LatencyStore store = open();
    store.close();

    store.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> store.summarize(LatencyQuery.all()))
        .withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(store::flush);
    assertThatIllegalStateException().isThrownBy(store::series);
    assertThatIllegalStateException().isThrownBy(store::check);
    assertThatIllegalStateException().isThrownBy(() -> store.recorder("editor", "save"));
    assertThatIllegalStateException().isThrownBy(() -> store.last(LatencyQuery.all(), 1));
    assertThatIllegalStateException().isThrownBy(() -> store.stream(LatencyQuery.all()));
    assertThat(store.stats().state()).isEqualTo(StoreState.CLOSED);
  }

  @Test
  default void aThreadThatIsInterruptedStillRecordsAndAsks() {
    try (LatencyStore store = open()) {
      Thread.currentThread().interrupt();
      store.record(Sample.of(NOON, 1));
      FlushResult result = store.flush();
      long appended = store.append(Sample.numbered(1, 3));
      boolean kept = Thread.interrupted();

      assertThat(kept).as("the interrupt is kept for the caller").isTrue();
      assertThat(result).isEqualTo(FlushResult.STORED);
      assertThat(appended).isEqualTo(2);
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(3);
    }
  }
}
