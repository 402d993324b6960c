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
 * Two databases of different kinds into which the same was written answer the same, to the last
 * figure. The test of a pair implements this.
 */
public interface SameAnswersFacet {

  /** Opens a store on an empty database of the one kind. */
  LatencyStore openOne();

  /** Opens a store on an empty database of the other. */
  LatencyStore openOther();

  /** Random loads, batches and questions. */
  @Test
  default void theSameLoadIsAnsweredTheSame() {
    long seed = Seed.next();
    Random random = new Random(seed);
    try (LatencyStore one = openOne();
        LatencyStore other = openOther()) {
      RandomMeasurements source = new RandomMeasurements(random);
      for (int step = 0; step < 6; step++) {
        List<LatencyMeasurement> measurements =
            Stream.generate(source::next).limit(1 + random.nextInt(3_000)).toList();
        one.append(measurements);
        measurements.forEach(other::record);
        other.flush();
        for (int question = 0; question < 5; question++) {
          compare(source.query(), 1 + random.nextInt(200), one, other);
        }
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(Seed.shown(seed) + ": " + e.getMessage(), e);
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
