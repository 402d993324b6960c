package io.latencystore.spool;

import org.jspecify.annotations.Nullable;

/** Takes the measurements that a spool holds, in the order in which they were recorded. */
@FunctionalInterface
public interface SpoolVisitor {

  /**
   * A measurement.
   *
   * @param series the index of its series
   * @param metadata UTF-8, or null if there is none
   */
  void measurement(
      int series,
      boolean success,
      long timestampMicros,
      long latencyMicros,
      byte @Nullable [] metadata);
}
