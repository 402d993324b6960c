package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.TimeBuckets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Compares what a store answers with what {@link NaiveStore} does, to the last figure. */
final class NaiveComparison {

  private NaiveComparison() {}

  /** Asserts that every kind of question has the same answer. */
  static void ofAll(Random random, LatencyQuery query, LatencyStore store, NaiveStore naive) {
    assertThat(Figures.of(store.summarize(query)))
        .as("summary of %s", query)
        .isEqualTo(Figures.of(naive.summarize(query)));
    assertThat(Figures.of(store.summarizeBySeries(query)))
        .as("by series, of %s", query)
        .isEqualTo(Figures.of(naive.summarizeBySeries(query)));
    assertThat(Figures.of(store.summarizeByComponent(query)))
        .as("by component, of %s", query)
        .isEqualTo(Figures.of(naive.summarizeByComponent(query)));
    int n = random.nextInt(random.nextBoolean() ? 5 : 500);
    assertThat(store.last(query, n)).as("last %s of %s", n, query).isEqualTo(naive.last(query, n));
    try (Stream<LatencyMeasurement> all = store.stream(query)) {
      assertThat(all).as("stream of %s", query).isEqualTo(naive.inTimeOrder(query));
    }
    compareTimeSeries(random, query, store, naive);
  }

  private static void compareTimeSeries(
      Random random, LatencyQuery query, LatencyStore store, NaiveStore naive) {
    Duration span = span(query, naive);
    Duration width = Sample.micros(1 + span.dividedBy(1 + random.nextInt(60)).toNanos() / 1_000);
    Instant origin = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    assertThat(Figures.of(store.timeSeries(query, TimeBuckets.of(width, origin))))
        .as("buckets of %s from %s on, of %s", width, origin, query)
        .isEqualTo(Figures.of(naive.timeSeries(query, width, origin)));
  }

  /** The time between the ends that buckets are made for. */
  private static Duration span(LatencyQuery query, NaiveStore naive) {
    List<LatencyMeasurement> found = naive.inTimeOrder(query);
    Instant first = found.isEmpty() ? Instant.EPOCH : found.get(0).timestamp();
    Instant last = found.isEmpty() ? Instant.EPOCH : found.get(found.size() - 1).timestamp();
    return Duration.between(query.from().orElse(first), query.to().orElse(last)).abs();
  }
}
