package io.latencystore.compaction;

import io.latencystore.block.BlockHeader;
import io.latencystore.block.Level;

/**
 * One slot of one level.
 *
 * @param level the level
 * @param number its number there
 */
record Slot(Level level, long number) {

  /** The slot in which a block lies. */
  static Slot of(BlockHeader header) {
    return new Slot(Level.of(header.level()), header.slot());
  }

  long firstMicros() {
    return level.firstMicrosOf(number);
  }

  long lastMicros() {
    return level.lastMicrosOf(number);
  }
}
