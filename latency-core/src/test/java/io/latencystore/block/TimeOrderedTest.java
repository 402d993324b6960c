package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class TimeOrderedTest {

  private static final Comparator<LatencyMeasurement> BY_CONTENT =
      Comparator.comparingLong(LatencyMeasurement::timestampMicros)
          .thenComparing(LatencyMeasurement::command)
          .thenComparingLong(LatencyMeasurement::latencyMicros)
          .thenComparing(LatencyMeasurement::success)
          .thenComparing(each -> String.valueOf(each.metadata()));

  private final MeasurementBatch batch = new MeasurementBatch();

  private static long timestamp(Random random, int spanBits) {
    return spanBits == Long.SIZE
        ? random.nextLong()
        : -1_000_000L + (random.nextLong() >>> (Long.SIZE - spanBits));
  }

  /** The batch is used again and again, as the writer does. */
  @Property(tries = 300)
  void everyMeasurementIsThereOnceInTheOrderOfTime(
      @ForAll Random random,
      @ForAll @IntRange(max = 3_000) int size,
      @ForAll @IntRange(min = 1, max = Long.SIZE) int spanBits) {
    batch.clear();
    List<LatencyMeasurement> added = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      LatencyMeasurement measurement =
          LatencyMeasurement.ofMicros(
              timestamp(random, spanBits),
              random.nextInt(1_000),
              "component",
              "command" + random.nextInt(20),
              random.nextInt(10) > 0,
              random.nextInt(8) == 0 ? "m" + i : null);
      added.add(measurement);
      batch.add(
          measurement.component(),
          measurement.command(),
          measurement.timestampMicros(),
          measurement.latencyMicros(),
          measurement.success(),
          measurement.metadata());
    }

    TimeOrdered ordered = batch.inTimeOrder();

    Map<Long, Series> series = batch.series();
    List<LatencyMeasurement> found = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      Series names = Objects.requireNonNull(series.get(ordered.seriesId(i)));
      found.add(
          LatencyMeasurement.ofMicros(
              ordered.timestampMicros(i),
              ordered.latencyMicros(i),
              names.component(),
              names.command(),
              ordered.success(i),
              ordered.metadata(i)));
    }
    assertThat(found)
        .isSortedAccordingTo(Comparator.comparingLong(LatencyMeasurement::timestampMicros));
    added.sort(BY_CONTENT);
    found.sort(BY_CONTENT);
    assertThat(found).isEqualTo(added);
  }
}
