package io.latencystore.compaction;

import io.latencystore.block.Block;
import java.util.List;

/**
 * Blocks, and the fewer ones that hold the same.
 *
 * @param read what is in the database
 * @param made what shall be there instead
 */
record Merge(List<StoredBlock> read, List<Block> made) {

  long measurements() {
    return read.stream().mapToLong(stored -> stored.block().header().count()).sum();
  }
}
