package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.AppendException;
import io.latencystore.InvalidMeasurementException;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bulk loads: all of it, or a known beginning. */
interface AppendFacet extends StoreFixture {

  @Test
  default void whatIsAppendedIsCommittedOnReturn() {
    try (LatencyStore store = open(builder -> builder.appendBatch(64))) {
      long appended = store.append(numbered(0, 1_000));

      StoreStats stats = store.stats();
      assertThat(appended).isEqualTo(1_000);
      assertThat(stats.appended()).isEqualTo(1_000);
      assertThat(stats.committed()).isEqualTo(1_000);
      assertThat(stats.pending()).isZero();
      assertThat(store.last(LatencyQuery.all(), 1)).containsExactly(Sample.of(NOON + 999, 999));
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(1_000);
    }
  }

  @Test
  default void aStreamAndAnIteratorAreAppendedAlike() {
    try (LatencyStore store = open()) {
      assertThat(store.append(numbered(0, 3).stream())).isEqualTo(3);
      assertThat(store.append(numbered(3, 5).iterator())).isEqualTo(2);
      assertThat(store.append(numbered(5, 6))).isEqualTo(1);

      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all).containsExactlyElementsOf(numbered(0, 6));
      }
    }
  }

  @Test
  default void nothingMayBeAppended() {
    try (LatencyStore store = open()) {
      assertThat(store.append(List.of())).isZero();
      assertThat(store.append(Stream.of())).isZero();

      assertThat(store.stats().appended()).isZero();
    }
  }

  @Test
  default void theOrderOfALoadDoesNotMatter() {
    List<LatencyMeasurement> jumbled =
        IntStream.range(0, 5_000)
            .mapToObj(n -> Sample.of(NOON + (n * 2_741L) % 5_000, n % 7))
            .toList();
    try (LatencyStore store = open(builder -> builder.appendBatch(900))) {
      store.append(jumbled);

      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all).isSortedAccordingTo((a, b) -> a.timestamp().compareTo(b.timestamp()));
      }
      assertThat(store.last(LatencyQuery.all(), 5_000))
          .containsExactlyInAnyOrderElementsOf(jumbled);
    }
  }

  @Test
  default void aLoadThatBreaksOffLeavesExactlyTheBatchesBefore() {
    RuntimeException broken = new IllegalStateException("the source broke");
    try (LatencyStore store = open(builder -> builder.appendBatch(10))) {
      assertThatExceptionOfType(AppendException.class)
          .isThrownBy(() -> store.append(breakingAfter(numbered(0, 35).iterator(), broken)))
          .withMessageContaining("30")
          .withCause(broken)
          .satisfies(e -> assertThat(e.committed()).isEqualTo(30));

      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all).containsExactlyElementsOf(numbered(0, 30));
      }
      assertBalanced(store.stats());
      assertThat(store.append(numbered(30, 35))).isEqualTo(5);
    }
  }

  @Test
  default void aLoadThatBreaksOffBeforeItsFirstBatchThrowsWhatTheSourceThrew() {
    RuntimeException broken = new IllegalStateException("the source broke");
    try (LatencyStore store = open(builder -> builder.appendBatch(10))) {
      assertThatThrownBy(() -> store.append(breakingAfter(numbered(0, 5).iterator(), broken)))
          .isSameAs(broken);

      assertThat(store.summarize(LatencyQuery.all()).count()).isZero();
      assertBalanced(store.stats());
    }
  }

  @Test
  default void aMeasurementThatCannotBeStoredEndsTheLoadThatMakesIt() {
    try (LatencyStore store = open(builder -> builder.appendBatch(2))) {
      Stream<LatencyMeasurement> source =
          Stream.of(1L, 2L, 3L, -4L).map(latency -> Sample.of(NOON, latency));

      assertThatExceptionOfType(AppendException.class)
          .isThrownBy(() -> store.append(source))
          .withMessageContaining("-4")
          .withCauseInstanceOf(InvalidMeasurementException.class)
          .satisfies(e -> assertThat(e.committed()).isEqualTo(2));
    }
  }

  @Test
  default void valuesThatCannotBeStoredAreRefusedByName() {
    assertThatExceptionOfType(InvalidMeasurementException.class)
        .isThrownBy(() -> Sample.of(NOON, -1))
        .withMessageContaining("-1");
    assertThatExceptionOfType(InvalidMeasurementException.class)
        .isThrownBy(
            () -> LatencyMeasurement.ofUnsignedMicros(NOON, Long.MIN_VALUE, "c", "k", true, null))
        .withMessageContaining("9223372036854775808");
    assertThatExceptionOfType(InvalidMeasurementException.class)
        .isThrownBy(
            () ->
                new LatencyMeasurement(
                    Instant.EPOCH, Duration.ofSeconds(Long.MAX_VALUE), "c", "k", true, null))
        .withMessageContaining(Duration.ofSeconds(Long.MAX_VALUE).toString());
    assertThatExceptionOfType(InvalidMeasurementException.class)
        .isThrownBy(() -> new LatencyMeasurement(Instant.MAX, Duration.ZERO, "c", "k", true, null))
        .withMessageContaining(Instant.MAX.toString());
  }

  @Test
  default void aClosedStoreAppendsNothing() {
    LatencyStore store = open();
    store.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> store.append(numbered(0, 1)))
        .withMessageContaining("closed");
  }

  private static void assertBalanced(StoreStats stats) {
    assertThat(stats.recorded() + stats.appended())
        .isEqualTo(stats.committed() + stats.pending() + stats.totalDropped());
  }

  /** What is in the source, and then the failure. */
  private static Iterator<LatencyMeasurement> breakingAfter(
      Iterator<LatencyMeasurement> source, RuntimeException failure) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public LatencyMeasurement next() {
        if (source.hasNext()) {
          return source.next();
        }
        throw failure;
      }
    };
  }
}
