package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.TimeBuckets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Databases of different kinds and layouts into which the same was written answer the same, to the
 * last figure. The test of some of them implements this.
 */
public interface SameAnswersFacet {

  /** Opens stores on empty databases, one of each kind. */
  List<LatencyStore> openAll();

  /** Random loads, batches and questions. */
  @Test
  default void theSameLoadIsAnsweredTheSame() {
    long seed = Seed.next();
    Random random = new Random(seed);
    List<LatencyStore> stores = openAll();
    try {
      RandomMeasurements source = new RandomMeasurements(random);
      for (int step = 0; step < 6; step++) {
        List<LatencyMeasurement> measurements =
            Stream.generate(source::next).limit(1 + random.nextInt(3_000)).toList();
        for (int i = 0; i < stores.size(); i++) {
          write(measurements, stores.get(i), i % 2 == 0);
        }
        for (int question = 0; question < 5; question++) {
          LatencyQuery query = source.query();
          int n = 1 + random.nextInt(200);
          for (LatencyStore other : stores.subList(1, stores.size())) {
            compare(query, n, stores.get(0), other);
          }
        }
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(Seed.shown(seed) + ": " + e.getMessage(), e);
    } finally {
      stores.forEach(LatencyStore::close);
    }
  }

  private static void write(
      List<LatencyMeasurement> measurements, LatencyStore store, boolean bulk) {
    if (bulk) {
      store.append(measurements);
    } else {
      measurements.forEach(store::record);
      store.flush();
    }
  }

  private static void compare(LatencyQuery query, int n, LatencyStore one, LatencyStore other) {
    assertThat(Figures.of(one.summarize(query)))
        .as("summary of %s", query)
        .isEqualTo(Figures.of(other.summarize(query)));
    assertThat(Figures.of(one.summarizeBySeries(query)))
        .as("by series, of %s", query)
        .isEqualTo(Figures.of(other.summarizeBySeries(query)));
    assertThat(one.last(query, n)).as("last of %s", query).isEqualTo(other.last(query, n));
    assertThat(one.series()).isEqualTo(other.series());
    try (Stream<LatencyMeasurement> ones = one.stream(query);
        Stream<LatencyMeasurement> others = other.stream(query)) {
      assertThat(ones.toList()).as("stream of %s", query).isEqualTo(others.toList());
    }
    TimeBuckets buckets = TimeBuckets.of(Sample.micros(Long.MAX_VALUE / 40), Instant.EPOCH);
    assertThat(Figures.of(one.timeSeries(query, buckets)))
        .as("buckets of %s", query)
        .isEqualTo(Figures.of(other.timeSeries(query, buckets)));
  }
}
