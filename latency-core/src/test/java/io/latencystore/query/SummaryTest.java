package io.latencystore.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import io.latencystore.Series;
import io.latencystore.block.Workload;
import io.latencystore.block.Workload.Latencies;
import io.latencystore.block.Workload.Texts;
import io.latencystore.block.Workload.Times;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SummaryTest {

  @Property(tries = 600)
  void summariesEqualTheNaiveOnes(
      @ForAll Times times,
      @ForAll Latencies latencies,
      @ForAll @IntRange(min = 0, max = 2_000) int count,
      @ForAll @IntRange(min = 1, max = 30) int series,
      @ForAll long seed) {
    List<LatencyMeasurement> measurements =
        new Workload(times, latencies, Texts.NONE, count, series, seed).measurements();
    MemorySource source = MemorySource.inPieces(measurements, seed);
    Queries queries = new Queries(new Random(seed), measurements);
    for (int i = 0; i < 4; i++) {
      LatencyQuery query = queries.next();

      LatencySummary summary = Aggregation.summarize(source, query);

      List<LatencyMeasurement> matching = Naive.matching(measurements, query);
      Naive.assertSummary(summary, matching, query.percentiles());
      Naive.assertRate(
          summary, query.from().orElse(null), query.to().orElse(null), matching.size());
    }
  }

  @Property(tries = 300)
  void groupsEqualTheNaiveOnes(
      @ForAll Times times,
      @ForAll Latencies latencies,
      @ForAll @IntRange(min = 0, max = 1_500) int count,
      @ForAll @IntRange(min = 1, max = 60) int series,
      @ForAll long seed) {
    List<LatencyMeasurement> measurements =
        new Workload(times, latencies, Texts.NONE, count, series, seed).measurements();
    MemorySource source = MemorySource.inPieces(measurements, seed);
    LatencyQuery query = new Queries(new Random(seed), measurements).next();
    List<LatencyMeasurement> matching = Naive.matching(measurements, query);

    SortedMap<Series, LatencySummary> bySeries = Aggregation.summarizeBySeries(source, query);
    SortedMap<String, LatencySummary> byComponent = Aggregation.summarizeByComponent(source, query);

    Map<Series, List<LatencyMeasurement>> expectedSeries =
        matching.stream()
            .collect(Collectors.groupingBy(m -> new Series(m.component(), m.command())));
    Map<String, List<LatencyMeasurement>> expectedComponents =
        matching.stream().collect(Collectors.groupingBy(LatencyMeasurement::component));
    assertThat(Set.copyOf(bySeries.keySet())).isEqualTo(expectedSeries.keySet());
    assertThat(new ArrayList<>(bySeries.keySet())).isSorted();
    bySeries.forEach(
        (names, summary) ->
            Naive.assertSummary(
                summary, expectedSeries.getOrDefault(names, List.of()), query.percentiles()));
    assertThat(Set.copyOf(byComponent.keySet())).isEqualTo(expectedComponents.keySet());
    byComponent.forEach(
        (component, summary) ->
            Naive.assertSummary(
                summary,
                expectedComponents.getOrDefault(component, List.of()),
                query.percentiles()));
  }

  @Property(tries = 200)
  void answersDoNotDependOnHowMeasurementsWereBatched(
      @ForAll Times times,
      @ForAll Latencies latencies,
      @ForAll @IntRange(min = 1, max = 3_000) int count,
      @ForAll long seed) {
    List<LatencyMeasurement> measurements =
        new Workload(times, latencies, Texts.NONE, count, 5, seed).measurements();
    LatencyQuery query = new Queries(new Random(seed), measurements).next();

    LatencySummary atOnce = Aggregation.summarize(MemorySource.of(measurements), query);
    LatencySummary inPieces =
        Aggregation.summarize(MemorySource.inPieces(measurements, seed), query);
    LatencySummary inOtherPieces =
        Aggregation.summarize(MemorySource.inPieces(measurements, ~seed), query);

    assertThat(inPieces).isEqualTo(atOnce);
    assertThat(inOtherPieces).isEqualTo(atOnce);
  }

  @Property(tries = 200)
  void headersAloneAnswerTheSame(
      @ForAll Times times,
      @ForAll Latencies latencies,
      @ForAll @IntRange(min = 0, max = 2_000) int count,
      @ForAll long seed) {
    List<LatencyMeasurement> measurements =
        new Workload(times, latencies, Texts.NONE, count, 5, seed).measurements();
    MemorySource source = MemorySource.inPieces(measurements, seed);
    LatencyQuery query = new Queries(new Random(seed), measurements).next();

    LatencySummary decoded = Aggregation.summarize(source, query.percentiles(50));
    LatencySummary fromHeaders = Aggregation.summarize(source, query.withoutPercentiles());

    assertThat(fromHeaders.count()).isEqualTo(decoded.count());
    assertThat(fromHeaders.errors()).isEqualTo(decoded.errors());
    assertThat(fromHeaders.sumMicros()).isEqualTo(decoded.sumMicros());
    assertThat(fromHeaders.min()).isEqualTo(decoded.min());
    assertThat(fromHeaders.max()).isEqualTo(decoded.max());
    assertThat(fromHeaders.mean()).isEqualTo(decoded.mean());
    assertThat(fromHeaders.standardDeviation()).isEqualTo(decoded.standardDeviation());
    assertThat(fromHeaders.percentilesMicros()).isEmpty();
  }

  @Test
  void wholeBlocksAreAnsweredWithoutDecoding() {
    MemorySource source =
        MemorySource.of(
            new Workload(Times.STEADY, Latencies.LOGNORMAL, Texts.NONE, 50_000, 3, 1)
                .measurements());

    LatencySummary summary = Aggregation.summarize(source, LatencyQuery.all().withoutPercentiles());

    assertThat(summary.count()).isEqualTo(50_000);
    assertThat(source.decoded()).isZero();
  }

  @Test
  void percentilesAreNearestRanksOfTheirDecimalValue() {
    MemorySource source = MemorySource.of(oneToThousand());

    LatencySummary summary =
        Aggregation.summarize(
            source, LatencyQuery.all().percentiles(0, 0.1, 0.10001, 50, 99, 99.9, 99.91, 100));

    Map<Double, Long> expected =
        Map.of(
            0.0, 1L, 0.1, 1L, 0.10001, 2L, 50.0, 500L, 99.0, 990L, 99.9, 999L, 99.91, 1_000L, 100.0,
            1_000L);
    expected.forEach(
        (p, micros) ->
            assertThat(summary.percentile(p)).as("p%s", p).contains(Micros.toDuration(micros)));
  }

  private static List<LatencyMeasurement> oneToThousand() {
    List<LatencyMeasurement> measurements = new ArrayList<>();
    for (int i = 1; i <= 1_000; i++) {
      measurements.add(measurement(i, i));
    }
    return measurements;
  }

  private static LatencyMeasurement measurement(long timestampMicros, long latencyMicros) {
    return LatencyMeasurement.ofMicros(timestampMicros, latencyMicros, "a", "b", true, null);
  }

  @Test
  void theEndsNeedNotBeNamedAsPercentiles() {
    MemorySource source = MemorySource.of(oneToThousand());

    LatencySummary summary = Aggregation.summarize(source, LatencyQuery.all().withoutPercentiles());

    assertThat(summary.percentile(0)).contains(Micros.toDuration(1));
    assertThat(summary.percentile(100)).contains(Micros.toDuration(1_000));
    assertThatThrownBy(() -> summary.percentile(50))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("percentile 50")
        .hasMessageContaining("percentiles(");
  }

  @Test
  void anEmptySetHasNoFigures() {
    LatencySummary summary = Aggregation.summarize(new MemorySource(0), LatencyQuery.all());

    assertThat(summary.count()).isZero();
    assertThat(summary.errors()).isZero();
    assertThat(summary.errorRate()).isZero();
    assertThat(summary.sumMicros()).isZero();
    assertThat(summary.min()).isEmpty();
    assertThat(summary.max()).isEmpty();
    assertThat(summary.mean()).isEmpty();
    assertThat(summary.standardDeviation()).isEmpty();
    assertThat(summary.percentile(0)).isEmpty();
    assertThat(summary.percentile(99.9)).isEmpty();
    assertThat(summary.percentilesMicros()).isEmpty();
    assertThat(summary.ratePerSecond()).isEmpty();
  }

  @Test
  void namesThatNothingHasMatchNothing() {
    MemorySource source = MemorySource.of(oneToThousand());
    LatencyQuery query = LatencyQuery.all().component("no such name");

    assertThat(Aggregation.summarize(source, query).count()).isZero();
    assertThat(Aggregation.summarizeBySeries(source, query)).isEmpty();
    assertThat(Aggregation.summarizeByComponent(source, query)).isEmpty();
  }

  @Test
  void sumsGoBeyondSixtyFourBits() {
    List<LatencyMeasurement> measurements = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      measurements.add(measurement(i, Long.MAX_VALUE));
    }

    LatencySummary summary =
        Aggregation.summarize(MemorySource.of(measurements), LatencyQuery.all());

    assertThat(summary.sumMicros())
        .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(1_000)));
    assertThat(summary.mean()).contains(Micros.toDuration(Long.MAX_VALUE));
    assertThat(summary.standardDeviation()).contains(Duration.ZERO);
  }

  @Test
  void theMeanIsFlooredToANanosecond() {
    List<LatencyMeasurement> measurements =
        List.of(measurement(0, 0), measurement(0, 0), measurement(0, 2));

    LatencySummary summary =
        Aggregation.summarize(MemorySource.of(measurements), LatencyQuery.all());

    assertThat(summary.mean()).contains(Duration.ofNanos(666));
    assertThat(summary.standardDeviation()).contains(Duration.ofNanos(942));
  }

  @Test
  void windowsAreHalfOpen() {
    MemorySource source = MemorySource.of(oneToThousand());
    LatencyQuery query = LatencyQuery.between(Micros.toInstant(10), Micros.toInstant(20));

    LatencySummary summary = Aggregation.summarize(source, query);

    assertThat(summary.count()).isEqualTo(10);
    assertThat(summary.min()).contains(Micros.toDuration(10));
    assertThat(summary.max()).contains(Micros.toDuration(19));
    assertThat(summary.ratePerSecond()).hasValue(1e6);
  }

  @Test
  void boundsAreFlooredToMicroseconds() {
    MemorySource source = MemorySource.of(oneToThousand());
    LatencyQuery query =
        LatencyQuery.between(
            Micros.toInstant(10).plusNanos(999), Micros.toInstant(20).plusNanos(999));

    LatencySummary summary = Aggregation.summarize(source, query);

    assertThat(summary.min()).contains(Micros.toDuration(10));
    assertThat(summary.max()).contains(Micros.toDuration(19));
  }

  @Test
  void aBoundBeyondTheRangeIsNoBound() {
    List<LatencyMeasurement> measurements =
        List.of(measurement(Long.MIN_VALUE, 1), measurement(0, 2), measurement(Long.MAX_VALUE, 3));
    MemorySource source = MemorySource.of(measurements);

    LatencySummary summary =
        Aggregation.summarize(source, LatencyQuery.between(Instant.MIN, Instant.MAX));

    assertThat(summary.count()).isEqualTo(3);
    assertThat(summary.ratePerSecond()).isEmpty();
    assertThat(Aggregation.summarize(source, LatencyQuery.all().window(Instant.MAX, null)).count())
        .isZero();
    assertThat(Aggregation.summarize(source, LatencyQuery.all().window(null, Instant.MIN)).count())
        .isZero();
  }

  @Test
  void theOutermostMomentsCanBeBounds() {
    List<LatencyMeasurement> measurements =
        List.of(measurement(Long.MIN_VALUE, 1), measurement(0, 2), measurement(Long.MAX_VALUE, 3));
    MemorySource source = MemorySource.of(measurements);
    Instant first = Micros.toInstant(Long.MIN_VALUE);
    Instant last = Micros.toInstant(Long.MAX_VALUE);
    Map<LatencyQuery, Long> expected = new HashMap<>();
    expected.put(LatencyQuery.between(first, last), 2L);
    expected.put(LatencyQuery.between(first, first), 0L);
    expected.put(LatencyQuery.between(last, last), 0L);
    expected.put(LatencyQuery.all().window(last, null), 1L);
    expected.put(LatencyQuery.all().window(null, first), 0L);
    expected.put(LatencyQuery.between(last, last.plusNanos(1_000)), 1L);

    expected.forEach(
        (query, count) ->
            assertThat(Aggregation.summarize(source, query).count())
                .as("%s", query)
                .isEqualTo(count));
  }
}
