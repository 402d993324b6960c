package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
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
      for (int run = 0; run < 2; run++) {
        RandomMeasurements source = new RandomMeasurements(random);
        NaiveStore naive = new NaiveStore();
        try (LatencyStore store = open(builder -> builder.appendBatch(1 + random.nextInt(1_500)))) {
          store.stream(LatencyQuery.all()).forEach(naive::add);
          for (int step = 0; step < 8; step++) {
            write(random, source, store, naive);
            for (int question = 0; question < 6; question++) {
              NaiveComparison.ofAll(random, source.query(), store, naive);
              assertThat(store.series()).isEqualTo(naive.series());
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
}
