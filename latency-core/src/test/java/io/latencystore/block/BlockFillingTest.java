package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.block.Workload.Latencies;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Where blocks end because they are full. */
final class BlockFillingTest {

  private static final long HOUR = 3_600_000_000L;

  @Property(tries = 30, seed = "1")
  void aDenseSlotHasWellFilledBlocks(@ForAll Latencies latencies, @ForAll long seed) {
    Random random = new Random(seed);
    long start = Level.HOUR.firstMicrosOf(Level.HOUR.slotOf(Workload.BASE));
    MeasurementBatch batch = new MeasurementBatch();
    for (int i = 0; i < 60_000; i++) {
      batch.add(
          "a", "b", start + random.nextInt((int) (HOUR / 2)), latencies.next(random), true, null);
    }

    List<Block> blocks = Blocks.encode(batch);

    for (int i = 0; i < blocks.size() - 1; i++) {
      Block block = blocks.get(i);
      boolean sumIsFull =
          block.header().sumMicros() > Long.MAX_VALUE - blocks.get(i + 1).header().maxMicros();
      assertThat(block.payload().length >= BlockEncoder.MAX_PAYLOAD * 85 / 100 || sumIsFull)
          .as("%s bytes in %s, seed %s", block.payload().length, block.header(), seed)
          .isTrue();
    }
  }

  @Test
  void constantMeasurementsFillBlocksToTheMostThatIsDecoded() {
    MeasurementBatch batch = new MeasurementBatch();
    for (int i = 0; i < 2 * BlockEncoder.MAX_COUNT + 1; i++) {
      batch.add("a", "b", Workload.BASE, 7, true, null);
    }

    List<Block> blocks = Blocks.encode(batch);

    assertThat(blocks)
        .extracting(block -> block.header().count())
        .containsExactly(BlockEncoder.MAX_COUNT, BlockEncoder.MAX_COUNT, 1);
  }

  @Test
  void aBlockEndsBeforeItsSumOverflows() {
    long half = Long.MAX_VALUE / 2;

    List<Block> blocks = Blocks.ofLatencies(half, half, 1, 1, Long.MAX_VALUE, 0, 0, 1);

    assertThat(blocks)
        .extracting(block -> block.header().sumMicros())
        .containsExactly(Long.MAX_VALUE, 1L, Long.MAX_VALUE, 1L);
  }

  @Test
  void everyMeasurementOfTheLargestLatencyHasABlock() {
    List<Block> blocks = Blocks.ofLatencies(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    assertThat(blocks).hasSize(3);
  }

  @Test
  void aBlockEndsBeforeItsMetadataIsTooMuchToInflate() {
    MeasurementBatch batch = new MeasurementBatch();
    String text = "x".repeat(16 * 1024);
    for (int i = 0; i < 100; i++) {
      batch.add("a", "b", Workload.BASE + i, 7, true, text);
    }

    List<Block> blocks = Blocks.encode(batch);

    assertThat(blocks.size()).isGreaterThan(1);
    assertThat(blocks)
        .allSatisfy(
            block ->
                assertThat(block.header().count() * text.length())
                    .isLessThanOrEqualTo(MetadataCodec.MAX_BYTES));
    assertThat(Blocks.decode(blocks, batch.series()))
        .hasSize(100)
        .allSatisfy(measurement -> assertThat(measurement.metadata()).isEqualTo(text));
  }

  @Test
  void millisecondClocksCostNoMoreThanTheirMilliseconds() {
    Random random = new Random(5);
    List<long[]> coarse = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      coarse.add(new long[] {random.nextInt(1_000_000), random.nextInt(500)});
    }

    int ofMilliseconds = payloadBytes(coarse, 1_000);
    int ofMicroseconds = payloadBytes(coarse, 1);

    assertThat(ofMilliseconds).isLessThan(ofMicroseconds + ofMicroseconds / 50);
  }

  private static int payloadBytes(List<long[]> measurements, long unit) {
    MeasurementBatch batch = new MeasurementBatch();
    long start = Level.HOUR.firstMicrosOf(Level.HOUR.slotOf(Workload.BASE));
    for (long[] m : measurements) {
      batch.add("a", "b", start + m[0] * unit, m[1] * unit, true, null);
    }
    return Blocks.encode(batch).stream().mapToInt(block -> block.payload().length).sum();
  }
}
