package io.latencystore.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.Micros;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import io.latencystore.block.Workload;
import io.latencystore.block.Workload.Latencies;
import io.latencystore.block.Workload.Texts;
import io.latencystore.block.Workload.Times;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeSeriesTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Property(tries = 300)
  void bucketsOfAWidthEqualTheNaiveOnes(
      @ForAll Times times,
      @ForAll Latencies latencies,
      @ForAll @IntRange(min = 1, max = 800) int count,
      @ForAll @IntRange(min = 1, max = 60) int wanted,
      @ForAll long originMicros,
      @ForAll long seed) {
    Assume.that(times != Times.ANY && times != Times.EXTREMES);
    List<LatencyMeasurement> measurements =
        new Workload(times, latencies, Texts.NONE, count, 5, seed).measurements();
    MemorySource source = MemorySource.inPieces(measurements, seed);
    LatencyQuery query = new Queries(new Random(seed), measurements).next();
    List<LatencyMeasurement> matching = Naive.matching(measurements, query);
    long[] span = span(query, matching);
    long width = span[1] < span[0] ? 1 : (span[1] - span[0]) / wanted + 1;

    List<TimeBucket> buckets =
        Aggregation.timeSeries(
            source,
            query,
            TimeBuckets.of(Micros.toDuration(width), Micros.toInstant(originMicros)));

    assertBuckets(buckets, query, matching, starts(span, width, originMicros));
  }

  /** The first and last moment looked at; the last before the first if there is none. */
  private static long[] span(LatencyQuery query, List<LatencyMeasurement> matching) {
    boolean named = query.from().isPresent() && query.to().isPresent();
    if (matching.isEmpty() && !named) {
      return new long[] {0, -1};
    }
    long first =
        matching.stream()
            .mapToLong(LatencyMeasurement::timestampMicros)
            .min()
            .orElse(Long.MAX_VALUE);
    long last =
        matching.stream()
            .mapToLong(LatencyMeasurement::timestampMicros)
            .max()
            .orElse(Long.MIN_VALUE);
    return new long[] {
      query.from().map(Micros::ofTimestamp).orElse(first),
      query.to().map(to -> Micros.ofTimestamp(to) - 1).orElse(last)
    };
  }

  /** The begins of all buckets of the span, and the end of the last. */
  private static List<Instant> starts(long[] span, long width, long origin) {
    List<Instant> starts = new ArrayList<>();
    if (span[0] <= span[1]) {
      BigInteger start = floor(span[0], width, origin);
      BigInteger end = floor(span[1], width, origin).add(BigInteger.valueOf(width));
      for (; start.compareTo(end) <= 0; start = start.add(BigInteger.valueOf(width))) {
        starts.add(Micros.toInstant(start.longValueExact()));
      }
    }
    return starts;
  }

  private static BigInteger floor(long micros, long width, long origin) {
    BigInteger into =
        BigInteger.valueOf(micros)
            .subtract(BigInteger.valueOf(origin))
            .mod(BigInteger.valueOf(width));
    return BigInteger.valueOf(micros).subtract(into);
  }

  private static void assertBuckets(
      List<TimeBucket> buckets,
      LatencyQuery query,
      List<LatencyMeasurement> matching,
      List<Instant> starts) {
    assertThat(buckets).hasSize(Math.max(0, starts.size() - 1));
    for (int i = 0; i < buckets.size(); i++) {
      TimeBucket bucket = buckets.get(i);
      Instant start = starts.get(i);
      Instant end = starts.get(i + 1);
      assertThat(bucket.start()).isEqualTo(start);
      assertThat(bucket.end()).isEqualTo(end);
      List<LatencyMeasurement> inside =
          matching.stream()
              .filter(m -> !m.timestamp().isBefore(start) && m.timestamp().isBefore(end))
              .toList();
      Naive.assertSummary(bucket.summary(), inside, query.percentiles());
      Instant from = query.from().filter(f -> query.to().isPresent()).orElse(null);
      Instant to = query.to().orElse(null);
      Naive.assertRate(
          bucket.summary(),
          from == null || from.isAfter(start) ? from : start,
          to == null || to.isBefore(end) ? to : end,
          inside.size());
    }
  }

  @Property(tries = 150)
  void calendarBucketsEqualTheNaiveOnes(
      @ForAll @IntRange(min = 0, max = 2) int unit,
      @ForAll @IntRange(min = 0, max = 3) int place,
      @ForAll @IntRange(min = 1, max = 500) int count,
      @ForAll long seed) {
    ZoneId zone =
        List.of(BERLIN, ZoneOffset.UTC, ZoneId.of("America/Sao_Paulo"), ZoneId.of("Pacific/Apia"))
            .get(place);
    List<TimeBuckets> kinds =
        List.of(TimeBuckets.days(zone), TimeBuckets.weeks(zone), TimeBuckets.months(zone));
    List<UnaryOperator<LocalDate>> begins =
        List.of(
            day -> day,
            day -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)),
            day -> day.withDayOfMonth(1));
    List<UnaryOperator<LocalDate>> nexts =
        List.of(day -> day.plusDays(1), day -> day.plusWeeks(1), day -> day.plusMonths(1));
    List<LatencyMeasurement> measurements = aroundYear2012(count, seed);
    MemorySource source = MemorySource.inPieces(measurements, seed);

    List<TimeBucket> buckets = Aggregation.timeSeries(source, LatencyQuery.all(), kinds.get(unit));

    List<LatencyMeasurement> sorted = measurements.stream().sorted(Naive.OLDEST_FIRST).toList();
    LocalDate day = begins.get(unit).apply(date(sorted.get(0), zone));
    LocalDate last = date(sorted.get(count - 1), zone);
    List<Instant> starts = new ArrayList<>();
    for (; !day.isAfter(last); day = nexts.get(unit).apply(day)) {
      starts.add(day.atStartOfDay(zone).toInstant());
    }
    starts.add(day.atStartOfDay(zone).toInstant());
    List<Instant> distinct = starts.stream().distinct().toList();
    assertBuckets(buckets, LatencyQuery.all(), measurements, distinct);
  }

  private static LocalDate date(LatencyMeasurement measurement, ZoneId zone) {
    return measurement.timestamp().atZone(zone).toLocalDate();
  }

  private static List<LatencyMeasurement> aroundYear2012(int count, long seed) {
    Random random = new Random(seed);
    long base = Instant.parse("2011-06-01T00:00:00Z").getEpochSecond();
    List<LatencyMeasurement> measurements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Instant ts = Instant.ofEpochSecond(base + random.nextInt(366 * 86_400));
      measurements.add(
          new LatencyMeasurement(
              ts, Duration.ofMillis(random.nextInt(100)), "a", "b", random.nextBoolean(), null));
    }
    return measurements;
  }

  @Test
  void daysOfAClockChangeHaveTwentyThreeAndTwentyFiveHours() {
    LatencyQuery query =
        LatencyQuery.between(
            Instant.parse("2026-03-28T12:00:00Z"), Instant.parse("2026-10-26T12:00:00Z"));

    List<TimeBucket> days =
        Aggregation.timeSeries(new MemorySource(0), query, TimeBuckets.days(BERLIN));

    assertThat(length(days, "2026-03-28T23:00:00Z")).isEqualTo(Duration.ofHours(23));
    assertThat(length(days, "2026-10-24T22:00:00Z")).isEqualTo(Duration.ofHours(25));
    assertThat(length(days, "2026-07-01T22:00:00Z")).isEqualTo(Duration.ofHours(24));
  }

  private static Duration length(List<TimeBucket> buckets, String start) {
    return buckets.stream()
        .filter(bucket -> bucket.start().equals(Instant.parse(start)))
        .map(bucket -> Duration.between(bucket.start(), bucket.end()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void weeksBeginOnMonday() {
    LatencyQuery query =
        LatencyQuery.between(
            Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-20T00:00:00Z"));

    List<TimeBucket> weeks =
        Aggregation.timeSeries(new MemorySource(0), query, TimeBuckets.weeks(ZoneOffset.UTC));

    assertThat(weeks)
        .extracting(TimeBucket::start)
        .containsExactly(
            Instant.parse("2025-12-29T00:00:00Z"),
            Instant.parse("2026-01-05T00:00:00Z"),
            Instant.parse("2026-01-12T00:00:00Z"),
            Instant.parse("2026-01-19T00:00:00Z"));
  }

  @Test
  void emptyBucketsOfTheWindowAreThere() {
    LatencyQuery query = LatencyQuery.between(Instant.EPOCH, Instant.ofEpochSecond(10));

    List<TimeBucket> buckets =
        Aggregation.timeSeries(new MemorySource(0), query, TimeBuckets.of(Duration.ofSeconds(3)));

    assertThat(buckets).hasSize(4);
    assertThat(buckets).allSatisfy(bucket -> assertThat(bucket.summary().count()).isZero());
    assertThat(buckets)
        .allSatisfy(bucket -> assertThat(bucket.summary().ratePerSecond()).hasValue(0));
  }

  @Test
  void nothingThatMatchesHasNoBucketsWithoutAWindow() {
    MemorySource source = MemorySource.of(aroundYear2012(10, 1));
    TimeBuckets seconds = TimeBuckets.of(Duration.ofSeconds(1));

    assertThat(Aggregation.timeSeries(new MemorySource(0), LatencyQuery.all(), seconds)).isEmpty();
    assertThat(
            Aggregation.timeSeries(
                source, LatencyQuery.all().latencyAtLeast(Duration.ofDays(1)), seconds))
        .isEmpty();
    assertThat(
            Aggregation.timeSeries(source, LatencyQuery.all().component("no such name"), seconds))
        .isEmpty();
    assertThat(
            Aggregation.timeSeries(
                source,
                LatencyQuery.all().window(Instant.EPOCH, null).component("no such name"),
                seconds))
        .isEmpty();
  }

  @Test
  void windowsBeyondTheRangeAreReplacedByTheDatasOwn() {
    List<LatencyMeasurement> measurements = aroundYear2012(10, 1);
    MemorySource source = MemorySource.of(measurements);
    TimeBuckets days = TimeBuckets.of(Duration.ofDays(1));

    List<TimeBucket> bounded =
        Aggregation.timeSeries(source, LatencyQuery.between(Instant.MIN, Instant.MAX), days);

    assertThat(bounded).isEqualTo(Aggregation.timeSeries(source, LatencyQuery.all(), days));
  }

  @Test
  void moreThanAMillionBucketsAreRefusedWithTheirNumber() {
    LatencyQuery query = LatencyQuery.between(Instant.EPOCH, Instant.ofEpochSecond(419_000_000));

    assertThatThrownBy(
            () ->
                Aggregation.timeSeries(
                    new MemorySource(0), query, TimeBuckets.of(Duration.ofSeconds(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("419000000 buckets")
        .hasMessageContaining("1970-01-01T00:00:00Z");
  }

  @Test
  void aMillionBucketsAreGiven() {
    LatencyQuery query =
        LatencyQuery.between(Instant.EPOCH, Instant.ofEpochSecond(1_000_000)).withoutPercentiles();
    TimeBuckets seconds = TimeBuckets.of(Duration.ofSeconds(1));

    assertThat(Aggregation.timeSeries(new MemorySource(0), query, seconds)).hasSize(1_000_000);
    LatencyQuery oneMore =
        query.window(Instant.EPOCH, Instant.ofEpochSecond(1_000_000).plusNanos(1_000));
    assertThatThrownBy(() -> Aggregation.timeSeries(new MemorySource(0), oneMore, seconds))
        .hasMessageContaining("1000001 buckets");
  }

  @Test
  void aMillionBucketsAreAMillionAtTheEndsOfTimeToo() {
    Instant from = Micros.toInstant(Long.MAX_VALUE - 1_500_000);
    LatencyQuery query = LatencyQuery.between(from, from.plusNanos(1_000_001_000L));

    assertThatThrownBy(
            () ->
                Aggregation.timeSeries(
                    new MemorySource(0), query, TimeBuckets.of(Duration.ofNanos(1_000))))
        .hasMessageContaining("1000001 buckets");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, Long.MAX_VALUE - 1, Long.MAX_VALUE})
  void aMeasurementAtTheEndsOfTimeHasABucket(long timestampMicros) {
    LatencyMeasurement measurement =
        LatencyMeasurement.ofMicros(timestampMicros, 5, "a", "b", true, null);
    MemorySource source = MemorySource.of(List.of(measurement));
    List<TimeBuckets> kinds =
        List.of(
            TimeBuckets.of(Duration.ofNanos(1_000)),
            TimeBuckets.of(Duration.ofNanos(3_000), Micros.toInstant(1)),
            TimeBuckets.of(Duration.ofDays(1)),
            TimeBuckets.of(Micros.toDuration(Long.MAX_VALUE)),
            TimeBuckets.days(BERLIN),
            TimeBuckets.weeks(BERLIN),
            TimeBuckets.months(BERLIN));

    for (TimeBuckets kind : kinds) {
      List<TimeBucket> buckets = Aggregation.timeSeries(source, LatencyQuery.all(), kind);

      assertThat(buckets).hasSize(1);
      assertThat(buckets.get(0).summary().count()).isEqualTo(1);
      assertThat(buckets.get(0).start()).isBeforeOrEqualTo(measurement.timestamp());
    }
  }
}
