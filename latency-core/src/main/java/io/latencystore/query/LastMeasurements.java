package io.latencystore.query;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.Series;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import io.latencystore.query.Source.Chunk;
import io.latencystore.query.Source.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The last measurements: visits chunks from the newest on, keeps the best in a heap, and stops when
 * no chunk to come can be better than the worst of them.
 */
public final class LastMeasurements {

  private final Map<Long, Series> series;
  private final Selection selection;
  private final int wanted;
  private final PriorityQueue<LatencyMeasurement> worstFirst =
      new PriorityQueue<>(Measurements.NEWEST_FIRST.reversed());
  private long worstMicros = Long.MIN_VALUE;

  private LastMeasurements(Map<Long, Series> series, Selection selection, int wanted) {
    this.series = series;
    this.selection = selection;
    this.wanted = wanted;
  }

  /** The last {@code n} measurements of the query, newest first. */
  public static List<LatencyMeasurement> find(Source source, LatencyQuery query, int n) {
    Map<Long, Series> series = source.series(query.components(), query.commands());
    Selection selection = Selection.of(query, series.keySet()).withMetadata();
    LastMeasurements last = new LastMeasurements(series, selection, n);
    if (n > 0 && !selection.isEmpty()) {
      source.scan(selection, Order.NEWEST_FIRST, last::visit);
    }
    List<LatencyMeasurement> found = new ArrayList<>(last.worstFirst);
    found.sort(Measurements.NEWEST_FIRST);
    return found;
  }

  private boolean visit(Chunk chunk) {
    if (isFull() && chunk.boundMicros() < worstMicros) {
      return false;
    }
    BlockHeader header = chunk.header();
    if (isFull() && header.lastMicros() < worstMicros) {
      return true;
    }
    Columns columns = chunk.decode();
    int end = CellPass.firstAfter(columns.timestamps(), columns.size(), selection.range().last());
    for (int i = end - 1; i >= 0 && columns.timestamps()[i] >= selection.range().first(); i--) {
      long latency = columns.latencies()[i];
      if (isFull() && columns.timestamps()[i] < worstMicros) {
        break;
      }
      if (latency >= selection.minMicros() && latency <= selection.maxMicros()) {
        offer(Measurements.of(series, header, columns, i));
      }
    }
    return true;
  }

  private boolean isFull() {
    return worstFirst.size() == wanted;
  }

  private void offer(LatencyMeasurement measurement) {
    worstFirst.add(measurement);
    if (worstFirst.size() > wanted) {
      worstFirst.remove();
    }
    worstMicros = worstFirst.element().timestampMicros();
  }
}
