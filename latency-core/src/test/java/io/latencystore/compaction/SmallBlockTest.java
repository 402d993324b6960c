package io.latencystore.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.block.BlockHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SmallBlockTest {

  private static final long SEED = 20_261_125;

  /** A block that begins when its id says. */
  private static SmallBlock block(long id, int payloadBytes) {
    return new SmallBlock(
        id, new BlockHeader(7, true, 0, 0, id, id, 1, 1, 1, 1, null, 1, 0), payloadBytes);
  }

  private static List<SmallBlock> blocks(int... payloadBytes) {
    List<SmallBlock> blocks = new ArrayList<>();
    Arrays.stream(payloadBytes).forEach(bytes -> blocks.add(block(blocks.size() + 1, bytes)));
    return blocks;
  }

  private static List<Long> chosen(int... payloadBytes) {
    return SmallBlock.worthMerging(blocks(payloadBytes)).stream().map(SmallBlock::id).toList();
  }

  @Test
  void oneBlockIsNotMerged() {
    assertThat(chosen()).isEmpty();
    assertThat(chosen(10)).isEmpty();
  }

  @Test
  void blocksOfOneSizeAreMergedInTheOrderOfTime() {
    List<SmallBlock> shuffled = blocks(30, 30, 30);
    java.util.Collections.reverse(shuffled);

    assertThat(SmallBlock.worthMerging(shuffled))
        .extracting(SmallBlock::id)
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void aLateMeasurementIsNoReasonToRewriteManyOthers() {
    assertThat(chosen(1_500, 12)).isEmpty();
  }

  @Test
  void lateMeasurementsAreMergedWithOneAnother() {
    assertThat(chosen(1_500, 12, 14, 12)).containsExactly(2L, 3L, 4L);
  }

  @Test
  void enoughLateMeasurementsAreMergedWithTheOthers() {
    int[] payloads = new int[15];
    Arrays.fill(payloads, 12);
    payloads[3] = 1_500;

    assertThat(chosen(payloads)).hasSize(15);
  }

  @Test
  void oneByOneMeasurementsAreRewrittenFewTimes() {
    Random random = new Random(SEED);
    List<SmallBlock> stored = new ArrayList<>();
    long arrived = 0;
    long rewritten = 0;
    for (int id = 1; arrived < 60_000; id++) {
      int bytes = 6 + random.nextInt(20);
      arrived += bytes;
      stored.add(block(id, bytes));
      List<SmallBlock> chosen = SmallBlock.worthMerging(stored);
      if (!chosen.isEmpty()) {
        int payload = chosen.stream().mapToInt(SmallBlock::payloadBytes).sum();
        rewritten += payload;
        stored.removeAll(chosen);
        stored.add(block(id, payload));
      }
      stored.removeIf(block -> block.payloadBytes() > 1_984);
    }

    assertThat((double) rewritten / arrived)
        .as("bytes rewritten for each that came, seed %s", SEED)
        .isLessThan(12);
  }
}
