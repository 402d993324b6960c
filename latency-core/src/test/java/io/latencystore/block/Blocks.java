package io.latencystore.block;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Blocks for tests: from measurements, and back. */
public final class Blocks {

  /** A total order, so that equal multisets become equal lists. */
  public static final Comparator<LatencyMeasurement> BY_CONTENT =
      Comparator.comparing(LatencyMeasurement::component)
          .thenComparing(LatencyMeasurement::command)
          .thenComparing(LatencyMeasurement::success)
          .thenComparing(LatencyMeasurement::timestamp)
          .thenComparing(LatencyMeasurement::latency)
          .thenComparing(Blocks::metadata, Comparator.nullsFirst(Comparator.naturalOrder()));

  private Blocks() {}

  private static @Nullable String metadata(LatencyMeasurement measurement) {
    return measurement.metadata();
  }

  /** A batch of these measurements. */
  public static MeasurementBatch batch(List<LatencyMeasurement> measurements) {
    MeasurementBatch batch = new MeasurementBatch();
    addTo(batch, measurements);
    return batch;
  }

  static void addTo(MeasurementBatch batch, List<LatencyMeasurement> measurements) {
    for (LatencyMeasurement m : measurements) {
      batch.add(
          m.component(),
          m.command(),
          m.timestampMicros(),
          m.latencyMicros(),
          m.success(),
          m.metadata());
    }
  }

  /** The blocks of a batch. */
  public static List<Block> encode(MeasurementBatch batch) {
    List<Block> blocks = new ArrayList<>();
    batch.encode(blocks::add);
    return blocks;
  }

  /** The blocks of these latencies, one a millisecond from {@link Workload#BASE} on. */
  static List<Block> ofLatencies(long... latencies) {
    MeasurementBatch batch = new MeasurementBatch();
    for (int i = 0; i < latencies.length; i++) {
      batch.add("editor", "hover", Workload.BASE + i * 1_000L, latencies[i], true, null);
    }
    return encode(batch);
  }

  /** What blocks hold, in their order. */
  public static List<LatencyMeasurement> decode(List<Block> blocks, Map<Long, Series> series) {
    BlockDecoder decoder = new BlockDecoder();
    Columns columns = new Columns();
    List<LatencyMeasurement> decoded = new ArrayList<>();
    for (Block block : blocks) {
      decoder.decode(block.header(), block.payload(), block.metadata(), columns);
      Series names = series.get(block.header().seriesId());
      if (names == null) {
        throw new AssertionError("a block of an unknown series: " + block.header());
      }
      for (int i = 0; i < columns.size(); i++) {
        decoded.add(
            LatencyMeasurement.ofMicros(
                columns.timestamps()[i],
                columns.latencies()[i],
                names.component(),
                names.command(),
                block.header().success(),
                columns.metadata(i)));
      }
    }
    return decoded;
  }

  /** The measurements in an order of content. */
  public static List<LatencyMeasurement> sorted(List<LatencyMeasurement> measurements) {
    List<LatencyMeasurement> sorted = new ArrayList<>(measurements);
    sorted.sort(BY_CONTENT);
    return sorted;
  }
}
