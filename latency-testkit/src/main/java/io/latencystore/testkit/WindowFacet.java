package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.NOON_INSTANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Micros;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which measurements a window holds. */
interface WindowFacet extends StoreFixture {

  private static long count(LatencyStore store, long fromMicros, long toMicros) {
    return store
        .summarize(LatencyQuery.between(Micros.toInstant(fromMicros), Micros.toInstant(toMicros)))
        .count();
  }

  @Test
  default void aWindowHoldsItsBeginAndNotItsEnd() {
    try (LatencyStore store = open()) {
      store.append(Sample.numbered(0, 10));

      assertThat(count(store, NOON, NOON + 10)).isEqualTo(10);
      assertThat(count(store, NOON, NOON + 9)).isEqualTo(9);
      assertThat(count(store, NOON + 1, NOON + 9)).isEqualTo(8);
      assertThat(count(store, NOON + 9, NOON + 10)).isEqualTo(1);
      assertThat(count(store, NOON + 5, NOON + 5)).isZero();
      assertThat(count(store, NOON + 10, NOON + 20)).isZero();
    }
  }

  @Test
  default void boundsAreFlooredToMicroseconds() {
    try (LatencyStore store = open()) {
      store.append(List.of(Sample.of(-1, 1), Sample.of(0, 2)));

      LatencyQuery fromWithinTheMicrosecond =
          LatencyQuery.all().window(Instant.EPOCH.minusNanos(1), null);
      LatencyQuery toWithinTheMicrosecond =
          LatencyQuery.all().window(null, Instant.EPOCH.plusNanos(999));

      assertThat(store.summarize(fromWithinTheMicrosecond).count()).isEqualTo(2);
      assertThat(store.summarize(toWithinTheMicrosecond).count()).isEqualTo(1);
    }
  }

  @Test
  default void aBoundBeyondTheRangeIsNoBound() {
    try (LatencyStore store = open()) {
      store.append(
          List.of(Sample.of(Long.MIN_VALUE, 1), Sample.of(0, 2), Sample.of(Long.MAX_VALUE, 3)));

      assertThat(store.summarize(LatencyQuery.between(Instant.MIN, Instant.MAX)).count())
          .isEqualTo(3);
      assertThat(store.summarize(LatencyQuery.all().window(Instant.MIN, Instant.EPOCH)).count())
          .isEqualTo(1);
      assertThat(store.summarize(LatencyQuery.all().window(Instant.EPOCH, Instant.MAX)).count())
          .isEqualTo(2);
      assertThat(store.last(LatencyQuery.between(Instant.MIN, Instant.MAX), 1))
          .containsExactly(Sample.of(Long.MAX_VALUE, 3));
    }
  }

  @Test
  default void anOpenWindowGoesAsFarAsTheData() {
    try (LatencyStore store = open()) {
      store.append(Sample.numbered(0, 10));

      assertThat(
              store
                  .summarize(LatencyQuery.all().window(NOON_INSTANT.plusNanos(4_000), null))
                  .count())
          .isEqualTo(6);
      assertThat(
              store
                  .summarize(LatencyQuery.all().window(null, NOON_INSTANT.plusNanos(4_000)))
                  .count())
          .isEqualTo(4);
    }
  }

  @Test
  default void theLastOfADurationEndsWithNowInside() {
    Instant now = Micros.toInstant(NOON + 10);
    try (LatencyStore store = open(builder -> builder.clock(Sample.clockAt(now)))) {
      store.append(Sample.numbered(0, 20));

      List<LatencyMeasurement> found = store.last(LatencyQuery.last(Duration.ofNanos(3_000)), 100);

      assertThat(found).extracting(LatencyMeasurement::latencyMicros).containsExactly(10L, 9L, 8L);
    }
  }

  @Test
  default void aRateNeedsAWindowWithBothEnds() {
    try (LatencyStore store = open()) {
      store.append(Sample.numbered(0, 10));
      Instant end = NOON_INSTANT.plusSeconds(4);

      assertThat(store.summarize(LatencyQuery.between(NOON_INSTANT, end)).ratePerSecond())
          .hasValue(2.5);
      assertThat(store.summarize(LatencyQuery.all().window(null, end)).ratePerSecond()).isEmpty();
      assertThat(store.summarize(LatencyQuery.between(NOON_INSTANT, NOON_INSTANT)).ratePerSecond())
          .isEmpty();
    }
  }

  @Test
  default void anInvertedWindowIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyQuery.between(NOON_INSTANT, NOON_INSTANT.minusNanos(1)))
        .withMessageContaining(NOON_INSTANT.toString());
  }

  @Test
  default void windowsCutThroughBlocksOfAnySize() {
    try (LatencyStore store = open(builder -> builder.appendBatch(700))) {
      store.append(Sample.numbered(0, 5_000));

      for (long cut : new long[] {1, 31, 32, 33, 699, 700, 701, 2_500, 4_999}) {
        assertThat(count(store, NOON, NOON + cut)).isEqualTo(cut);
        assertThat(count(store, NOON + cut, NOON + 5_000)).isEqualTo(5_000 - cut);
      }
    }
  }
}
