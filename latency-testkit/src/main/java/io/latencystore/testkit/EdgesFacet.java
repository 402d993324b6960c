package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.micros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import java.math.BigInteger;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The ends of every range. */
interface EdgesFacet extends StoreFixture {

  private static BigInteger max(long times) {
    return BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(times));
  }

  @Test
  default void anEmptyStoreAnswersEverything() {
    try (LatencyStore store = open();
        Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
      assertThat(store.summarize(LatencyQuery.all()).count()).isZero();
      assertThat(store.summarizeBySeries(LatencyQuery.all())).isEmpty();
      assertThat(store.summarizeByComponent(LatencyQuery.all())).isEmpty();
      assertThat(store.timeSeries(LatencyQuery.all(), Duration.ofHours(1))).isEmpty();
      assertThat(store.timeSeries(LatencyQuery.last(Duration.ofHours(2)), Duration.ofHours(2)))
          .isNotEmpty()
          .allMatch(bucket -> bucket.summary().count() == 0);
      assertThat(store.last(LatencyQuery.all(), 10)).isEmpty();
      assertThat(store.series()).isEmpty();
      assertThat(all).isEmpty();
    }
  }

  @Test
  default void theFirstAndTheLastMomentsAreKept() {
    List<LatencyMeasurement> extremes =
        List.of(
            Sample.of(Long.MIN_VALUE, 1),
            Sample.of(Long.MIN_VALUE + 1, 2),
            Sample.of(-1, 3),
            Sample.of(0, 4),
            Sample.of(Long.MAX_VALUE - 1, 5),
            Sample.of(Long.MAX_VALUE, 6));
    try (LatencyStore store = open()) {
      store.append(extremes);

      List<LatencyMeasurement> newestFirst = new ArrayList<>(extremes);
      Collections.reverse(newestFirst);
      assertThat(store.last(LatencyQuery.all(), 10)).containsExactlyElementsOf(newestFirst);
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all).containsExactlyElementsOf(extremes);
      }
      assertThat(
              store
                  .summarize(
                      LatencyQuery.between(
                          Micros.toInstant(Long.MIN_VALUE), Micros.toInstant(Long.MAX_VALUE)))
                  .count())
          .isEqualTo(5);
    }
  }

  @Test
  default void bucketsReachTheEndsOfTime() {
    try (LatencyStore store = open()) {
      store.append(List.of(Sample.of(Long.MAX_VALUE - 1, 1), Sample.of(Long.MAX_VALUE, 2)));
      store.append(List.of(Sample.named("other", "series")));
      LatencyQuery latest = LatencyQuery.all().component("editor");

      List<TimeBucket> narrow = store.timeSeries(latest, micros(1));
      List<TimeBucket> dividing = store.timeSeries(latest, micros(7));
      List<TimeBucket> wide = store.timeSeries(latest, Duration.ofDays(1));

      List<TimeBucket> atTheEnd =
          store.timeSeries(latest.window(Micros.toInstant(Long.MAX_VALUE), null), micros(7));

      assertThat(atTheEnd)
          .singleElement()
          .satisfies(bucket -> assertThat(bucket.summary().count()).isEqualTo(1));
      assertThat(narrow.stream().mapToLong(bucket -> bucket.summary().count()).sum()).isEqualTo(2);
      assertThat(dividing.stream().mapToLong(bucket -> bucket.summary().count()).sum())
          .isEqualTo(2);
      assertThat(wide).singleElement().satisfies(b -> assertThat(b.summary().count()).isEqualTo(2));
    }
  }

  @Test
  default void bucketsReachTheBeginOfTime() {
    try (LatencyStore store = open()) {
      store.append(List.of(Sample.of(Long.MIN_VALUE, 1), Sample.of(Long.MIN_VALUE + 1, 2)));

      for (TimeBuckets buckets :
          List.of(
              TimeBuckets.of(micros(1)),
              TimeBuckets.of(micros(7)),
              TimeBuckets.of(Duration.ofDays(1)),
              TimeBuckets.of(micros(Long.MAX_VALUE)),
              TimeBuckets.days(ZoneOffset.UTC),
              TimeBuckets.weeks(ZoneOffset.MAX),
              TimeBuckets.months(ZoneOffset.MIN))) {
        assertThat(
                store.timeSeries(LatencyQuery.all(), buckets).stream()
                    .mapToLong(bucket -> bucket.summary().count())
                    .sum())
            .isEqualTo(2);
      }
    }
  }

  @Test
  default void theWholeOfTimeHasTooManyBuckets() {
    try (LatencyStore store = open()) {
      store.append(List.of(Sample.of(Long.MIN_VALUE, 1), Sample.of(Long.MAX_VALUE, 2)));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.timeSeries(LatencyQuery.all(), Duration.ofDays(1)))
          .withMessageContaining("213503984");
      assertThat(store.timeSeries(LatencyQuery.all(), micros(Long.MAX_VALUE)))
          .extracting(bucket -> bucket.summary().count())
          .contains(1L)
          .satisfies(
              counts -> assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(2));
    }
  }

  @Test
  default void sumsAreExactBeyondSixtyThreeBits() {
    try (LatencyStore store = open()) {
      store.append(List.of(Sample.of(NOON, Long.MAX_VALUE), Sample.of(NOON + 1, Long.MAX_VALUE)));
      store.append(List.of(Sample.of(NOON + 2, Long.MAX_VALUE), Sample.of(NOON + 3, 0)));

      LatencySummary decoded = store.summarize(LatencyQuery.all());
      LatencySummary headers = store.summarize(LatencyQuery.all().withoutPercentiles());

      assertThat(decoded.sumMicros()).isEqualTo(max(3));
      assertThat(headers.sumMicros()).isEqualTo(max(3));
      assertThat(decoded.max()).contains(micros(Long.MAX_VALUE));
      assertThat(decoded.percentile(50)).contains(micros(Long.MAX_VALUE));
      assertThat(decoded.min()).contains(Duration.ZERO);
      // Three quarters of 2^63 − 1 microseconds.
      assertThat(decoded.mean()).contains(Duration.ofSeconds(6_917_529_027_641L, 81_855_250));
    }
  }

  @Test
  default void thousandsOfHugeLatenciesNeverOverflowABlock() {
    List<LatencyMeasurement> huge = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      huge.add(Sample.of(NOON + i, Long.MAX_VALUE - i));
    }
    try (LatencyStore store = open()) {
      store.append(huge);

      LatencySummary summary = store.summarize(LatencyQuery.all());

      assertThat(summary.count()).isEqualTo(3_000);
      assertThat(summary.sumMicros()).isEqualTo(max(3_000).subtract(BigInteger.valueOf(4_498_500)));
      assertThat(summary.percentile(0)).contains(micros(Long.MAX_VALUE - 2_999));
      assertThat(summary.percentile(50)).contains(micros(Long.MAX_VALUE - 1_500));
    }
  }

  @Test
  default void manyEqualMeasurementsAreCountedOneByOne() {
    LatencyMeasurement one = Sample.of(NOON, 1_000);
    try (LatencyStore store = open()) {
      store.append(Collections.nCopies(40_000, one));

      LatencySummary summary = store.summarize(LatencyQuery.all());

      assertThat(summary.count()).isEqualTo(40_000);
      assertThat(summary.standardDeviation()).contains(Duration.ZERO);
      assertThat(summary.percentile(99.9)).contains(micros(1_000));
      assertThat(store.last(LatencyQuery.all(), 3)).containsExactly(one, one, one);
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all.count()).isEqualTo(40_000);
      }
    }
  }

  @Test
  default void timestampsFarApartLieInOneBatch() {
    List<LatencyMeasurement> sparse = new ArrayList<>();
    for (long year = -2_000; year <= 2_000; year += 50) {
      sparse.add(Sample.of(year * 31_556_952_000_000L, year + 2_000));
    }
    try (LatencyStore store = open()) {
      store.append(sparse);

      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all).containsExactlyElementsOf(sparse);
      }
      assertThat(store.summarize(LatencyQuery.all().window(null, Micros.toInstant(0))).count())
          .isEqualTo(40);
    }
  }
}
