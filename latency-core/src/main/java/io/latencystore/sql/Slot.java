package io.latencystore.sql;

import io.latencystore.block.Level;

/**
 * One slot of one level.
 *
 * @param level the level
 * @param number its number there
 */
record Slot(Level level, long number) {

  long firstMicros() {
    return level.firstMicrosOf(number);
  }

  long lastMicros() {
    return level.lastMicrosOf(number);
  }
}
