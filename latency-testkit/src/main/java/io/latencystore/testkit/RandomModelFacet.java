package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random loads and questions: after each of them a store answers as {@link NaiveStore} does, to the
 * last figure.
 */
interface RandomModelFacet extends StoreFixture {

  @Test
  default void randomQuestionsAreAnsweredAsTheNaiveStoreAnswersThem() {
    long seed = Seed.next();
    Random random = new Random(seed);
    try {
      for (int run = 0; run < 4; run++) {
        RandomMeasurements source = new RandomMeasurements(random);
        NaiveStore naive = new NaiveStore();
        try (LatencyStore store = open(builder -> builder.appendBatch(1 + random.nextInt(1_500)))) {
          store.stream(LatencyQuery.all()).forEach(naive::add);
          for (int step = 0; step < 8; step++) {
            write(random, source, store, naive);
            for (int question = 0; question < 6; question++) {
              compare(random, source.query(), store, naive);
            }
          }
        }
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(Seed.shown(seed) + ": " + e.getMessage(), e);
    }
  }

  private static void write(
      Random random, RandomMeasurements source, LatencyStore store, NaiveStore naive) {
    List<LatencyMeasurement> measurements =
        Stream.generate(source::next)
            .limit(random.nextInt(random.nextBoolean() ? 20 : 1_500))
            .toList();
    naive.addAll(measurements);
    if (random.nextInt(3) > 0) {
      store.append(measurements);
    } else {
      measurements.forEach(store::record);
    }
    if (random.nextBoolean()) {
      store.flush();
    }
    if (random.nextInt(3) == 0) {
      store.maintenance().compact();
    }
  }

  private static void compare(
      Random random, LatencyQuery query, LatencyStore store, NaiveStore naive) {
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
    assertThat(store.series()).isEqualTo(naive.series());
    compareTimeSeries(random, query, store, naive);
  }

  private static void compareTimeSeries(
      Random random, LatencyQuery query, LatencyStore store, NaiveStore naive) {
    Duration span = span(query, naive);
    Duration width = Sample.micros(1 + span.dividedBy(1 + random.nextInt(60)).toNanos() / 1_000);
    Instant origin = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    assertThat(Figures.of(store.timeSeries(query, io.latencystore.TimeBuckets.of(width, origin))))
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
