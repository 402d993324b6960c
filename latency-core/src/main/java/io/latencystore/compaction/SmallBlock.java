package io.latencystore.compaction;

import io.latencystore.block.Block;
import io.latencystore.block.BlockHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A stored block of which the payload has not been read.
 *
 * @param id its id in the database
 * @param header its header
 * @param payloadBytes how long its payload is
 */
record SmallBlock(long id, BlockHeader header, int payloadBytes) {

  /** What a row takes beside its payload: header, index entry, and its share of empty pages. */
  private static final int ROW_BYTES = 128;

  private static final Comparator<SmallBlock> BY_WEIGHT =
      Comparator.comparingInt(SmallBlock::weight).thenComparingLong(SmallBlock::id);

  private static final Comparator<SmallBlock> BY_TIME =
      Comparator.<SmallBlock>comparingLong(block -> block.header().firstMicros())
          .thenComparingLong(SmallBlock::id);

  /** The share of what a block may hold, from 0 to 1. */
  double fullness() {
    return Block.fullness(header, payloadBytes);
  }

  private int weight() {
    return payloadBytes + ROW_BYTES;
  }

  /**
   * Those of some small blocks that are worth merging, in the order of time: all, but for the
   * largest while they outweigh the rest. So whatever is rewritten ends up in a block about twice
   * as large, and few late measurements are no reason to rewrite many.
   */
  static List<SmallBlock> worthMerging(List<SmallBlock> blocks) {
    List<SmallBlock> chosen = new ArrayList<>(blocks);
    chosen.sort(BY_WEIGHT);
    long weight = chosen.stream().mapToLong(SmallBlock::weight).sum();
    while (chosen.size() > 1) {
      SmallBlock largest = chosen.get(chosen.size() - 1);
      if (weight >= 2L * largest.weight()) {
        chosen.sort(BY_TIME);
        return chosen;
      }
      weight -= largest.weight();
      chosen.remove(chosen.size() - 1);
    }
    return List.of();
  }
}
