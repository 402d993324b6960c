package io.latencystore.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.block.Workload;
import io.latencystore.block.Workload.Latencies;
import io.latencystore.block.Workload.Texts;
import io.latencystore.block.Workload.Times;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sets too large to be sorted: counted first, then narrowed. */
final class PercentilePassesTest {

  private static final double[] PERCENTILES = {
    0, 0.001, 1, 10, 25, 50, 75, 90, 99, 99.9, 99.99, 99.999, 100
  };

  @ParameterizedTest
  @EnumSource
  void largeSetsAreAsExactAsSmallOnes(Latencies latencies) {
    List<LatencyMeasurement> measurements =
        new Workload(Times.STEADY, latencies, Texts.NONE, 120_000, 3, 7).measurements();
    LatencyQuery query = LatencyQuery.all().percentiles(PERCENTILES);

    LatencySummary summary = Aggregation.summarize(MemorySource.inPieces(measurements, 7), query);

    Naive.assertSummary(summary, measurements, query.percentiles());
  }

  @Property(tries = 15)
  void largeSetsWithFiltersAreExact(
      @ForAll Latencies latencies,
      @ForAll @IntRange(min = 32_000, max = 80_000) int count,
      @ForAll long seed) {
    List<LatencyMeasurement> measurements =
        new Workload(Times.BURSTS, latencies, Texts.NONE, count, 2, seed).measurements();
    LatencyQuery query =
        new Queries(new Random(seed), measurements).next().percentiles(PERCENTILES);

    LatencySummary summary =
        Aggregation.summarize(MemorySource.inPieces(measurements, seed), query);

    Naive.assertSummary(summary, Naive.matching(measurements, query), query.percentiles());
  }

  @Test
  void theBordersOfEveryHistogramBucketAreExact() {
    MeasurementBatch batch = new MeasurementBatch();
    long[] latencies = new long[70_000];
    Random random = new Random(3);
    for (int i = 0; i < latencies.length; i++) {
      long power = 1L << (14 + random.nextInt(49));
      long sub = power >>> 10;
      latencies[i] = Math.max(0, power + sub * random.nextInt(1_024) + random.nextInt(3) - 1);
      batch.add("a", "b", i, latencies[i], true, null);
    }
    MemorySource source = new MemorySource(0);
    source.add(batch);
    double[] percentiles = new double[200];
    for (int i = 0; i < percentiles.length; i++) {
      percentiles[i] = random.nextInt(100_001) / 1_000.0;
    }

    LatencyQuery query = LatencyQuery.all().percentiles(percentiles);
    LatencySummary summary = Aggregation.summarize(source, query);

    Arrays.sort(latencies);
    for (BigDecimal p : query.percentiles()) {
      assertThat(summary.percentilesMicros())
          .containsEntry(p, latencies[Naive.rank(p, latencies.length) - 1]);
    }
  }

  @Test
  void groupsThatOutgrowTheMemoryAreDividedAndStayExact() {
    int groups = 160;
    int inGroup = 33_000;
    MemorySource source = new MemorySource(0);
    for (int group = 0; group < groups; group++) {
      MeasurementBatch batch = new MeasurementBatch();
      for (int i = 0; i < inGroup; i++) {
        batch.add("g", "c" + group, i, latency(group, i * 7L % inGroup), true, null);
      }
      source.add(batch);
    }

    SortedMap<Series, LatencySummary> bySeries =
        Aggregation.summarizeBySeries(source, LatencyQuery.all());

    assertThat(bySeries).hasSize(groups);
    for (int group = 0; group < groups; group++) {
      LatencySummary summary = bySeries.get(new Series("g", "c" + group));
      assertThat(summary).isNotNull();
      assertThat(summary.count()).isEqualTo(inGroup);
      for (BigDecimal p : LatencyQuery.all().percentiles()) {
        assertThat(summary.percentilesMicros())
            .containsEntry(p, latency(group, Naive.rank(p, inGroup) - 1));
      }
    }
  }

  /** Distinct in a group, and spread over many powers of two. */
  private static long latency(int group, long rank) {
    return group + rank * rank * rank;
  }

  @Test
  void bucketsThatOutgrowTheMemoryAreDividedAndStayExact() {
    int buckets = 150;
    int inBucket = 33_000;
    MemorySource source = new MemorySource(0);
    for (int bucket = 0; bucket < buckets; bucket++) {
      MeasurementBatch batch = new MeasurementBatch();
      for (int i = 0; i < inBucket; i++) {
        batch.add(
            "a", "b", bucket * 1_000_000L + i, latency(bucket, i * 7L % inBucket), true, null);
      }
      source.add(batch);
    }

    List<TimeBucket> series =
        Aggregation.timeSeries(source, LatencyQuery.all(), TimeBuckets.of(Duration.ofSeconds(1)));

    assertThat(series).hasSize(buckets);
    for (int bucket = 0; bucket < buckets; bucket++) {
      for (BigDecimal p : LatencyQuery.all().percentiles()) {
        assertThat(series.get(bucket).summary().percentilesMicros())
            .containsEntry(p, latency(bucket, Naive.rank(p, inBucket) - 1));
      }
    }
  }
}
