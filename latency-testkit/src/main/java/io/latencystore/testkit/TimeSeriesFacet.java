package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.NOON_INSTANT;
import static io.latencystore.testkit.Sample.micros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Micros;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How time is cut into buckets. */
interface TimeSeriesFacet extends StoreFixture {

  private static List<Long> counts(List<TimeBucket> buckets) {
    return buckets.stream().map(bucket -> bucket.summary().count()).toList();
  }

  @Test
  default void everyBucketOfTheWindowIsThereWithTheEmptyOnes() {
    try (LatencyStore store = open()) {
      store.append(
          List.of(
              Sample.of(NOON, 10),
              Sample.failed(NOON + 999_999, 30),
              Sample.of(NOON + 3_000_000, 5)));

      List<TimeBucket> buckets =
          store.timeSeries(
              LatencyQuery.between(NOON_INSTANT.minusSeconds(1), NOON_INSTANT.plusSeconds(5)),
              Duration.ofSeconds(1));

      assertThat(counts(buckets)).containsExactly(0L, 2L, 0L, 0L, 1L, 0L);
      assertThat(buckets.get(1).start()).isEqualTo(NOON_INSTANT);
      assertThat(buckets.get(1).end()).isEqualTo(NOON_INSTANT.plusSeconds(1));
      assertThat(buckets.get(1).summary().errors()).isEqualTo(1);
      assertThat(buckets.get(1).summary().max()).contains(micros(30));
      assertThat(buckets.get(1).summary().percentile(50)).contains(micros(10));
      assertThat(buckets.get(1).summary().ratePerSecond()).hasValue(2);
      assertThat(buckets.get(2).summary().max()).isEmpty();
      assertThat(buckets.get(2).summary().ratePerSecond()).hasValue(0);
    }
  }

  @Test
  default void withoutAWindowTheBucketsAreThoseOfTheMatchingData() {
    try (LatencyStore store = open()) {
      store.append(
          List.of(
              Sample.of(NOON, 1),
              Sample.of(NOON + 4_000_000, 50),
              Sample.of(NOON + 6_500_000, 60)));

      List<TimeBucket> all = store.timeSeries(LatencyQuery.all(), Duration.ofSeconds(2));
      List<TimeBucket> slow =
          store.timeSeries(LatencyQuery.all().latencyAtLeast(micros(50)), Duration.ofSeconds(2));
      List<TimeBucket> until =
          store.timeSeries(
              LatencyQuery.all().window(null, NOON_INSTANT.plusSeconds(3)), Duration.ofSeconds(2));

      assertThat(counts(all)).containsExactly(1L, 0L, 1L, 1L);
      assertThat(counts(slow)).containsExactly(1L, 1L);
      assertThat(slow.get(0).start()).isEqualTo(NOON_INSTANT.plusSeconds(4));
      assertThat(counts(until)).containsExactly(1L, 0L);
      assertThat(store.timeSeries(LatencyQuery.all().component("nobody"), Duration.ofSeconds(1)))
          .isEmpty();
    }
  }

  @Test
  default void bucketsAreFlooredBeforeTheEpochToo() {
    try (LatencyStore store = open()) {
      store.append(
          List.of(Sample.of(-11, 1), Sample.of(-10, 2), Sample.of(-1, 3), Sample.of(0, 4)));

      List<TimeBucket> buckets = store.timeSeries(LatencyQuery.all(), micros(10));

      assertThat(buckets)
          .extracting(bucket -> Micros.ofTimestamp(bucket.start()))
          .containsExactly(-20L, -10L, 0L);
      assertThat(counts(buckets)).containsExactly(1L, 2L, 1L);
    }
  }

  @Test
  default void bucketsMayBeAlignedToAnOrigin() {
    try (LatencyStore store = open()) {
      store.append(List.of(Sample.of(-8, 1), Sample.of(1, 2), Sample.of(2, 3), Sample.of(12, 4)));

      List<TimeBucket> buckets =
          store.timeSeries(LatencyQuery.all(), TimeBuckets.of(micros(10), Micros.toInstant(102)));

      assertThat(buckets)
          .extracting(bucket -> Micros.ofTimestamp(bucket.start()))
          .containsExactly(-8L, 2L, 12L);
      assertThat(counts(buckets)).containsExactly(2L, 1L, 1L);
    }
  }

  @Test
  default void daysFollowTheCalendarOfTheirZone() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    try (LatencyStore store = open()) {
      // The clocks go forward on 29 March 2026, so that day has 23 hours.
      store.append(
          List.of(
              at("2026-03-28T22:59:59.999999Z"),
              at("2026-03-28T23:00:00Z"),
              at("2026-03-29T21:59:59.999999Z"),
              at("2026-03-29T22:00:00Z")));

      List<TimeBucket> days = store.timeSeries(LatencyQuery.all(), TimeBuckets.days(berlin));

      assertThat(counts(days)).containsExactly(1L, 2L, 1L);
      assertThat(Duration.between(days.get(1).start(), days.get(1).end()))
          .isEqualTo(Duration.ofHours(23));
    }
  }

  @Test
  default void weeksBeginOnMondayAndMonthsOnTheFirst() {
    ZoneId utc = ZoneId.of("UTC");
    try (LatencyStore store = open()) {
      store.append(
          List.of(
              at("2026-02-28T12:00:00Z"), at("2026-03-01T23:59:59Z"), at("2026-03-02T00:00:00Z")));

      List<TimeBucket> weeks = store.timeSeries(LatencyQuery.all(), TimeBuckets.weeks(utc));
      List<TimeBucket> months = store.timeSeries(LatencyQuery.all(), TimeBuckets.months(utc));

      assertThat(counts(weeks)).containsExactly(2L, 1L);
      assertThat(weeks.get(0).start()).isEqualTo("2026-02-23T00:00:00Z");
      assertThat(counts(months)).containsExactly(1L, 2L);
      assertThat(months.get(1).start()).isEqualTo("2026-03-01T00:00:00Z");
    }
  }

  @Test
  default void moreThanAMillionBucketsAreRefusedWithTheirNumber() {
    try (LatencyStore store = open()) {
      store.append(List.of(Sample.of(0, 1), Sample.of(1_000_000L * 1_000_000, 2)));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.timeSeries(LatencyQuery.all(), Duration.ofSeconds(1)))
          .withMessageContaining("1000001");
      assertThat(
              store.timeSeries(
                  LatencyQuery.all().window(Instant.EPOCH, Instant.ofEpochSecond(1_000_000)),
                  Duration.ofSeconds(1)))
          .hasSize(1_000_000);
    }
  }

  @Test
  default void bucketsAddUpToTheSummary() {
    try (LatencyStore store = open(builder -> builder.appendBatch(900))) {
      store.append(Sample.numbered(0, 10_000));

      List<TimeBucket> buckets = store.timeSeries(LatencyQuery.all(), micros(37));

      assertThat(counts(buckets).stream().mapToLong(Long::longValue).sum()).isEqualTo(10_000);
      assertThat(buckets.stream().map(bucket -> bucket.summary().sumMicros().longValueExact()))
          .as("the sum of 0 to 9,999")
          .satisfies(
              sums ->
                  assertThat(sums.stream().mapToLong(Long::longValue).sum()).isEqualTo(49_995_000));
    }
  }

  private static io.latencystore.LatencyMeasurement at(String moment) {
    return Sample.of(Micros.ofTimestamp(Instant.parse(moment)), 1);
  }
}
