package io.latencystore.bench;

/** A measurement on its way through a peer's queue; mutable, since the Disruptor reuses its own. */
final class Row {

  long timestampMicros;
  long latencyMicros;
  int series;
  boolean success;

  Row set(long timestampMicros, long latencyMicros, int series, boolean success) {
    this.timestampMicros = timestampMicros;
    this.latencyMicros = latencyMicros;
    this.series = series;
    this.success = success;
    return this;
  }
}
