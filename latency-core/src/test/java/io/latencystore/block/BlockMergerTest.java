package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import io.latencystore.StoreCorruptException;
import io.latencystore.block.Workload.Latencies;
import io.latencystore.block.Workload.Texts;
import io.latencystore.block.Workload.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class BlockMergerTest {

  private static final long BASE = Workload.BASE;

  @Provide
  Arbitrary<Workload> workloads() {
    return Combinators.combine(
            Arbitraries.of(Times.class),
            Arbitraries.of(Latencies.class),
            Arbitraries.of(Texts.class),
            Arbitraries.integers().between(1, 2_000),
            Arbitraries.longs())
        .as(
            (times, latencies, texts, count, seed) ->
                new Workload(
                    times,
                    latencies,
                    texts,
                    texts == Texts.LONG ? count / 10 + 1 : count,
                    3,
                    seed));
  }

  /** Blocks of a few measurements each. */
  private static List<Block> tiny(List<LatencyMeasurement> measurements, Map<Long, Series> series) {
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from < measurements.size(); from += 7) {
      MeasurementBatch batch =
          Blocks.batch(measurements.subList(from, Math.min(from + 7, measurements.size())));
      series.putAll(batch.series());
      batch.encode(blocks::add);
    }
    return blocks;
  }

  private static long slotOf(Block block) {
    return Level.DAYS_1024.slotOf(block.header().firstMicros());
  }

  private static List<Block> merged(List<Block> blocks) {
    BlockMerger merger = new BlockMerger();
    blocks.forEach(merger::add);
    return merger.merge();
  }

  @Property(tries = 300)
  void whatIsMergedHoldsTheSame(@ForAll("workloads") Workload workload) {
    Map<Long, Series> series = new HashMap<>();
    List<LatencyMeasurement> measurements = workload.measurements();
    List<Block> merged = new ArrayList<>();

    tiny(measurements, series).stream()
        .collect(
            Collectors.groupingBy(
                b -> List.of(b.header().seriesId(), b.header().success(), slotOf(b))))
        .values()
        .forEach(group -> merged.addAll(merged(group)));

    assertThat(Blocks.sorted(Blocks.decode(merged, series))).isEqualTo(Blocks.sorted(measurements));
    assertThat(merged).allSatisfy(block -> block.header().check());
  }

  @Test
  void manySmallBlocksOfAnHourBecomeFullOnes() {
    List<Block> small = new ArrayList<>();
    for (int flush = 0; flush < 600; flush++) {
      MeasurementBatch batch = new MeasurementBatch();
      for (int i = 0; i < 10; i++) {
        long n = flush * 10L + i;
        batch.add(
            "editor", "save", BASE - BASE % 3_600_000_000L + n * 500_009, n % 3_001, true, null);
      }
      batch.encode(small::add);
    }

    List<Block> merged = merged(small);

    assertThat(small).hasSize(600);
    assertThat(merged).hasSizeLessThan(10);
    assertThat(merged)
        .allSatisfy(block -> assertThat(block.header().level()).isEqualTo(Level.HOUR.number()));
    for (int i = 1; i < merged.size(); i++) {
      assertThat(merged.get(i).header().firstMicros())
          .isGreaterThanOrEqualTo(merged.get(i - 1).header().lastMicros());
      assertThat(Block.fullness(merged.get(i - 1).header(), merged.get(i - 1).payload().length))
          .isBetween(0.9, 1.0);
    }
  }

  @Test
  void busyHoursOfADayAreNotCutApart() {
    List<Block> hours = new ArrayList<>();
    long day = BASE - BASE % 86_400_000_000L;
    for (int hour = 0; hour < 24; hour++) {
      MeasurementBatch batch = new MeasurementBatch();
      for (int i = 0; i < 40; i++) {
        batch.add("editor", "save", day + hour * 3_600_000_000L + i, i, true, null);
      }
      batch.encode(hours::add);
    }

    List<Block> merged = merged(hours);

    assertThat(hours).hasSize(24);
    assertThat(merged).hasSize(1);
    assertThat(merged.get(0).header().level()).isEqualTo(Level.DAY.number());
    assertThat(merged.get(0).header().count()).isEqualTo(24 * 40);
  }

  @Test
  void aDamagedBlockIsRefusedAndNothingOfItIsMerged() {
    Block sound = Blocks.ofLatencies(1, 2, 3).get(0);
    Block other = Blocks.ofLatencies(4, 5, 6, 7).get(0);
    byte[] flipped = other.payload().clone();
    flipped[flipped.length / 2] ^= 4;
    BlockMerger merger = new BlockMerger();
    merger.add(sound);

    assertThatExceptionOfType(StoreCorruptException.class)
        .isThrownBy(() -> merger.add(new Block(other.header(), flipped, other.metadata())));

    assertThat(merger.size()).isEqualTo(3);
    assertThat(merger.merge()).hasSize(1).first().extracting(b -> b.header().count()).isEqualTo(3);
  }

  @Test
  void blocksOfAnotherOutcomeAreRefused() {
    BlockMerger merger = new BlockMerger();
    merger.add(Blocks.ofLatencies(1).get(0));
    MeasurementBatch batch = new MeasurementBatch();
    batch.add("editor", "hover", BASE, 1, false, null);
    Block failure = Blocks.encode(batch).get(0);

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> merger.add(failure))
        .withMessageContaining("another series or outcome");
  }

  @Test
  void aMergerIsUsedAgain() {
    BlockMerger merger = new BlockMerger();
    merger.add(Blocks.ofLatencies(9, 9).get(0));
    merger.merge();
    merger.add(Blocks.ofLatencies(1).get(0));
    merger.add(Blocks.ofLatencies(2).get(0));

    Block merged = merger.merge().get(0);

    assertThat(merged.header().sumMicros()).isEqualTo(3);
    assertThat(merged.header().count()).isEqualTo(2);
  }
}
