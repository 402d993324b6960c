package io.latencystore.query;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/** Runs one scenario of {@link BoundedMemoryTest} in a JVM of its own; fails with an exception. */
public final class BoundedMemoryProgram {

  private static final int IN_BATCH = 1 << 15;

  private BoundedMemoryProgram() {}

  /** Runs the scenario of this name. */
  public static void main(String[] arguments) {
    switch (arguments[0]) {
      case "one" -> oneSummary();
      case "groups" -> manyGroups();
      case "buckets" -> manyBuckets();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** 2^25 measurements, each latency once, in the order of a permutation. */
  private static void oneSummary() {
    int count = 1 << 25;
    GeneratedSource source =
        new GeneratedSource(
            count / IN_BATCH,
            1,
            (batch, into) -> {
              for (int i = 0; i < IN_BATCH; i++) {
                long index = (long) batch * IN_BATCH + i;
                into.add("g", "c0", index, ofRank(index * 7_368_787 % count), true, null);
              }
            });

    LatencySummary summary = Aggregation.summarize(source, LatencyQuery.all());

    check(summary, count);
  }

  /** 60 series of 40,000 measurements, each latency once in a series, all series side by side. */
  private static void manyGroups() {
    int groups = 60;
    int inGroup = 40_000;
    GeneratedSource source =
        new GeneratedSource(
            inGroup / 100,
            groups,
            (batch, into) -> {
              for (int group = 0; group < groups; group++) {
                for (int i = 0; i < 100; i++) {
                  long index = batch * 100L + i;
                  into.add("g", "c" + group, index, ofRank(index * 7 % inGroup), true, null);
                }
              }
            });

    SortedMap<Series, LatencySummary> bySeries =
        Aggregation.summarizeBySeries(source, LatencyQuery.all());

    expect("groups", groups, bySeries.size());
    bySeries.values().forEach(summary -> check(summary, inGroup));
  }

  /** 500 buckets of 5,000 measurements, each latency once in a bucket. */
  private static void manyBuckets() {
    int buckets = 500;
    int inBucket = 5_000;
    GeneratedSource source =
        new GeneratedSource(
            buckets,
            1,
            (batch, into) -> {
              for (int i = 0; i < inBucket; i++) {
                long timestamp = batch * 1_000_000L + i;
                into.add("g", "c0", timestamp, 10_000_000 + 300L * (i * 7 % inBucket), true, null);
              }
            });

    List<TimeBucket> series =
        Aggregation.timeSeries(source, LatencyQuery.all(), TimeBuckets.of(Duration.ofSeconds(1)));

    expect("buckets", buckets, series.size());
    for (TimeBucket bucket : series) {
      bucket
          .summary()
          .percentilesMicros()
          .forEach(
              (p, value) -> expect("p" + p, 10_000_000 + 300 * (rank(p, inBucket) - 1), value));
    }
  }

  /** Increasing, and far enough apart that a histogram does not tell them apart. */
  private static long ofRank(long rank) {
    return 5 + 64 * rank;
  }

  private static void check(LatencySummary summary, int count) {
    expect("count", count, summary.count());
    expect("percentiles", 5, summary.percentilesMicros().size());
    summary
        .percentilesMicros()
        .forEach((p, value) -> expect("p" + p, ofRank(rank(p, count) - 1), value));
  }

  private static long rank(BigDecimal p, int count) {
    return p.multiply(BigDecimal.valueOf(count))
        .movePointLeft(2)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  private static void expect(String what, long expected, long found) {
    if (expected != found) {
      throw new IllegalStateException(what + " is " + found + ", not " + expected);
    }
  }
}
