package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import io.latencystore.block.Workload.Latencies;
import io.latencystore.block.Workload.Texts;
import io.latencystore.block.Workload.Times;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class BlockRoundTripTest {

  @Provide
  Arbitrary<Workload> workloads() {
    return Combinators.combine(
            Arbitraries.of(Times.class),
            Arbitraries.of(Latencies.class),
            Arbitraries.of(Texts.class),
            Arbitraries.integers().between(1, 3_000),
            Arbitraries.of(1, 2, 7, 100),
            Arbitraries.longs())
        .as(
            (times, latencies, texts, count, series, seed) ->
                new Workload(
                    times,
                    latencies,
                    texts,
                    texts == Texts.LONG ? Math.min(count, 200) : count,
                    series,
                    seed));
  }

  @Property(tries = 400)
  void blocksHoldExactlyWhatWasAdded(@ForAll("workloads") Workload workload) {
    List<LatencyMeasurement> measurements = workload.measurements();
    MeasurementBatch batch = Blocks.batch(measurements);

    List<LatencyMeasurement> decoded = Blocks.decode(Blocks.encode(batch), batch.series());

    assertThat(Blocks.sorted(decoded)).isEqualTo(Blocks.sorted(measurements));
  }

  @Property(tries = 200)
  void headersAreExactAndBlocksLieWhereTheySay(@ForAll("workloads") Workload workload) {
    MeasurementBatch batch = Blocks.batch(workload.measurements());

    List<Block> blocks = Blocks.encode(batch);

    BlockDecoder decoder = new BlockDecoder();
    Columns columns = new Columns();
    Map<String, Long> lastOfSeries = new HashMap<>();
    for (Block block : blocks) {
      decoder.decode(block.header(), block.payload(), block.metadata(), columns);
      assertHeader(block, columns);
      assertPlace(block.header());
      String group = block.header().seriesId() + " " + block.header().success();
      Long before = lastOfSeries.put(group, block.header().lastMicros());
      assertThat(before == null || before <= block.header().firstMicros())
          .as("blocks of a series come in the order of time")
          .isTrue();
    }
  }

  private static void assertHeader(Block block, Columns columns) {
    BlockHeader header = block.header();
    long[] timestamps = Arrays.copyOf(columns.timestamps(), columns.size());
    long[] latencies = Arrays.copyOf(columns.latencies(), columns.size());
    BigInteger sum = BigInteger.ZERO;
    BigInteger squares = BigInteger.ZERO;
    for (long latency : latencies) {
      sum = sum.add(BigInteger.valueOf(latency));
      squares = squares.add(BigInteger.valueOf(latency).pow(2));
    }
    assertThat(block.payload().length).isBetween(1, BlockEncoder.MAX_PAYLOAD);
    assertThat(header.count()).isEqualTo(columns.size()).isBetween(1, BlockEncoder.MAX_COUNT);
    assertThat(timestamps).isSorted();
    assertThat(header.firstMicros()).isEqualTo(timestamps[0]);
    assertThat(header.lastMicros()).isEqualTo(timestamps[timestamps.length - 1]);
    assertThat(BigInteger.valueOf(header.sumMicros())).isEqualTo(sum);
    assertThat(header.minMicros()).isEqualTo(Arrays.stream(latencies).min().getAsLong());
    assertThat(header.maxMicros()).isEqualTo(Arrays.stream(latencies).max().getAsLong());
    Long sumOfSquares = header.sumOfSquares();
    if (sumOfSquares != null) {
      assertThat(BigInteger.valueOf(sumOfSquares)).isEqualTo(squares);
    } else {
      assertThat(header.maxMicros()).isGreaterThan(1L << 24);
    }
  }

  private static void assertPlace(BlockHeader header) {
    Level level = Level.of(header.level());
    assertThat(level.slotOf(header.firstMicros())).isEqualTo(header.slot());
    assertThat(level.slotOf(header.lastMicros())).isEqualTo(header.slot());
    assertThat(level.firstMicrosOf(header.slot())).isLessThanOrEqualTo(header.firstMicros());
    assertThat(level.lastMicrosOf(header.slot())).isGreaterThanOrEqualTo(header.lastMicros());
    if (level != Level.HOUR) {
      Level below = level.below();
      assertThat(below.slotOf(header.firstMicros()))
          .as("no lower level holds it")
          .isNotEqualTo(below.slotOf(header.lastMicros()));
    }
  }

  @Property(tries = 200)
  void latenciesAloneDecodeToTheSame(@ForAll("workloads") Workload workload) {
    List<Block> blocks = Blocks.encode(Blocks.batch(workload.measurements()));
    BlockDecoder decoder = new BlockDecoder();
    Columns whole = new Columns();
    Columns alone = new Columns();

    for (Block block : blocks) {
      decoder.decode(block.header(), block.payload(), block.metadata(), whole);
      decoder.decodeLatencies(block.header(), block.payload(), alone);

      assertThat(alone.size()).isEqualTo(whole.size());
      assertThat(Arrays.copyOf(alone.latencies(), alone.size()))
          .isEqualTo(Arrays.copyOf(whole.latencies(), whole.size()));
    }
  }

  @Property(tries = 100)
  void aBatchIsAsGoodAsNewAfterClear(
      @ForAll("workloads") Workload first, @ForAll("workloads") Workload second) {
    MeasurementBatch batch = Blocks.batch(first.measurements());
    Blocks.encode(batch);
    batch.clear();
    assertThat(batch.size()).isZero();
    assertThat(batch.series()).isEmpty();
    assertThat(Blocks.encode(batch)).isEmpty();

    Blocks.addTo(batch, second.measurements());

    List<LatencyMeasurement> decoded = Blocks.decode(Blocks.encode(batch), batch.series());
    assertThat(Blocks.sorted(decoded)).isEqualTo(Blocks.sorted(second.measurements()));
    assertThat(batch.size()).isEqualTo(second.count());
  }

  @Test
  void aBatchKnowsTheSeriesItHolds() {
    MeasurementBatch batch = new MeasurementBatch();
    batch.add("editor", "hover", 0, 1, true, null);
    batch.add("editor", "hover", 0, 1, false, null);
    batch.add("editor", "rename", 0, 1, false, null);

    Map<Long, Series> series = batch.series();

    Series hover = new Series("editor", "hover");
    Series rename = new Series("editor", "rename");
    assertThat(series).isEqualTo(Map.of(hover.id(), hover, rename.id(), rename));
    assertThat(batch.size()).isEqualTo(3);
  }

  @Test
  void oneMeasurementTakesAFewBytes() {
    List<Block> blocks = Blocks.ofLatencies(1_234_567);

    assertThat(blocks).hasSize(1);
    assertThat(blocks.get(0).payload()).hasSizeLessThan(8);
    assertThat(blocks.get(0).metadata()).isNull();
  }
}
