package io.latencystore.query;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import io.latencystore.Text;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How measurements are ordered and made. */
final class Measurements {

  /** The order among measurements of one timestamp: a total order on content. */
  private static final Comparator<LatencyMeasurement> WITHIN_A_TIMESTAMP =
      Comparator.comparing(LatencyMeasurement::component, Text::compareCodePoints)
          .thenComparing(LatencyMeasurement::command, Text::compareCodePoints)
          .thenComparing(LatencyMeasurement::latency)
          .thenComparing(LatencyMeasurement::success)
          .thenComparing(Measurements::metadata, Comparator.nullsFirst(Text::compareCodePoints));

  static final Comparator<LatencyMeasurement> NEWEST_FIRST =
      Comparator.comparing(LatencyMeasurement::timestamp)
          .reversed()
          .thenComparing(WITHIN_A_TIMESTAMP);

  static final Comparator<LatencyMeasurement> OLDEST_FIRST =
      Comparator.comparing(LatencyMeasurement::timestamp).thenComparing(WITHIN_A_TIMESTAMP);

  private Measurements() {}

  private static @Nullable String metadata(LatencyMeasurement measurement) {
    return measurement.metadata();
  }

  static LatencyMeasurement of(
      Map<Long, Series> series, BlockHeader header, Columns columns, int index) {
    Series names = series.get(header.seriesId());
    if (names == null) {
      throw new io.latencystore.StoreCorruptException(
          "a measurement belongs to series "
              + header.seriesId()
              + ", which is not in latency_series",
          null);
    }
    return LatencyMeasurement.ofMicros(
        columns.timestamps()[index],
        columns.latencies()[index],
        names.component(),
        names.command(),
        header.success(),
        columns.metadata(index));
  }
}
