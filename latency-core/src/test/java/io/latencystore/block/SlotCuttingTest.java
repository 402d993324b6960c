package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.block.Workload.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Where blocks are cut, with latencies of zero so that time alone decides. */
final class SlotCuttingTest {

  private static final long HOUR = 3_600_000_000L;
  private static final long DAY = 24 * HOUR;

  /** Midnight of a day that begins 32 days and 1,024 days, near 2026. */
  private static final long ALIGNED = 20 * 1_024 * DAY;

  @Property(tries = 300)
  void cutsExactlyWhereTheRuleSays(
      @ForAll Times times, @ForAll @IntRange(min = 1, max = 700) int count, @ForAll long seed) {
    Random random = new Random(seed);
    List<Long> timestamps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      timestamps.add(times.next(random, i));
    }

    List<Integer> counts = counts(timestamps);

    List<Long> sorted = timestamps.stream().sorted().toList();
    assertThat(counts).isEqualTo(expectedCounts(sorted));
  }

  private static List<Integer> counts(List<Long> timestamps) {
    MeasurementBatch batch = new MeasurementBatch();
    timestamps.forEach(ts -> batch.add("editor", "hover", ts, 0, true, null));
    return Blocks.encode(batch).stream().map(block -> block.header().count()).toList();
  }

  /** The rule, told recursively on lists: dense slots stand alone, sparse neighbours together. */
  private static List<Integer> expectedCounts(List<Long> sorted) {
    List<Integer> counts = new ArrayList<>();
    for (List<Long> slot : slots(sorted, Level.DAYS_1024)) {
      expect(slot, Level.DAYS_1024, counts);
    }
    return counts;
  }

  private static void expect(List<Long> inSlot, Level level, List<Integer> counts) {
    if (level == Level.HOUR) {
      counts.add(inSlot.size());
      return;
    }
    List<List<Long>> parts = slots(inSlot, level.below());
    if (parts.size() == 1) {
      expect(inSlot, level.below(), counts);
      return;
    }
    int sparse = 0;
    for (List<Long> part : parts) {
      if (part.size() < BlockEncoder.DENSE) {
        sparse += part.size();
      } else {
        if (sparse > 0) {
          counts.add(sparse);
        }
        sparse = 0;
        expect(part, level.below(), counts);
      }
    }
    if (sparse > 0) {
      counts.add(sparse);
    }
  }

  private static List<List<Long>> slots(List<Long> sorted, Level level) {
    TreeMap<Long, List<Long>> slots = new TreeMap<>();
    for (long timestamp : sorted) {
      slots.computeIfAbsent(level.slotOf(timestamp), slot -> new ArrayList<>()).add(timestamp);
    }
    return new ArrayList<>(slots.values());
  }

  @Test
  void denseHoursStandAlone() {
    List<Long> timestamps = hours(32, 32, 33);

    List<Integer> counts = counts(timestamps);

    assertThat(counts).containsExactly(32, 32, 33);
  }

  @Test
  void sparseHoursShareADay() {
    List<Long> timestamps = hours(31, 31, 31);

    List<Integer> counts = counts(timestamps);

    assertThat(counts).containsExactly(93);
  }

  @Test
  void aDenseHourPartsItsSparseNeighbours() {
    List<Long> timestamps = hours(5, 31, 32, 7, 1);

    List<Integer> counts = counts(timestamps);

    assertThat(counts).containsExactly(36, 32, 8);
  }

  @Test
  void aStrayTimestampDoesNotSpoilADenseBlock() {
    List<Long> timestamps = hours(100);
    timestamps.add(0, ALIGNED - 5_000 * DAY);
    timestamps.add(ALIGNED + 700 * DAY);

    List<Integer> counts = counts(timestamps);

    assertThat(counts).containsExactly(1, 100, 1);
  }

  @Test
  void aRareSeriesHasOneBlockForYears() {
    List<Long> timestamps = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      timestamps.add(ALIGNED + i * 2L * DAY);
    }

    MeasurementBatch batch = new MeasurementBatch();
    timestamps.forEach(ts -> batch.add("editor", "hover", ts, 0, true, null));
    List<Block> blocks = Blocks.encode(batch);

    assertThat(blocks).hasSize(1);
    assertThat(Level.of(blocks.get(0).header().level())).isEqualTo(Level.DAYS_1024);
  }

  @Test
  void noBlockReachesAcrossTheWidestSlots() {
    List<Long> timestamps = List.of(ALIGNED - 1, ALIGNED, -1L, 0L);

    List<Integer> counts = counts(timestamps);

    assertThat(counts).containsExactly(1, 1, 1, 1);
  }

  /** So many measurements in each of consecutive hours of one day. */
  private static List<Long> hours(int... counts) {
    List<Long> timestamps = new ArrayList<>();
    for (int hour = 0; hour < counts.length; hour++) {
      for (int i = 0; i < counts[hour]; i++) {
        timestamps.add(ALIGNED + hour * HOUR + i);
      }
    }
    return timestamps;
  }
}
