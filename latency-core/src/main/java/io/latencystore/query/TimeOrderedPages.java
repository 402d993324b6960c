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

/**
 * Every measurement of a query in time order, a page at a time. A page is a span of time, at least
 * a microsecond, that is widened while pages are small, and halved where one would exceed {@value
 * #MAX_WEIGHT} measurements. For one thread.
 */
public final class TimeOrderedPages {

  private static final long FIRST_WIDTH_MICROS = 3_600_000_000L;
  private static final long MAX_WIDTH_MICROS = 1L << 61;
  private static final int MAX_WEIGHT = 65_536;
  private static final int SMALL_WEIGHT = MAX_WEIGHT / 8;

  /** How many characters of metadata weigh as much as a measurement. */
  private static final int METADATA_WEIGHT = 64;

  private final LatencyQuery query;
  private long cursor;
  private final long last;
  private long width = FIRST_WIDTH_MICROS;
  private boolean done;

  /** Pages of a query, whose {@code last} has been resolved. */
  public TimeOrderedPages(LatencyQuery query) {
    this.query = query;
    TimeRange range = TimeRange.of(query);
    this.cursor = range.first();
    this.last = range.last();
    this.done = range.isEmpty();
  }

  /** The next page in time order, each in a snapshot of its own; empty at the end. */
  public List<LatencyMeasurement> next(Source source) {
    Map<Long, Series> series = source.series(query.components(), query.commands());
    Selection selection = Selection.of(query, series.keySet()).withMetadata();
    done |= selection.isEmpty();
    while (!done) {
      Earliest earliest = new Earliest(cursor);
      source.scan(selection.within(rest()), Order.OLDEST_FIRST, earliest::visit);
      if (!earliest.found) {
        done = true;
        break;
      }
      cursor = earliest.micros;
      Page page = read(source, series, selection);
      if (page.weight < SMALL_WEIGHT) {
        width = Math.min(MAX_WIDTH_MICROS, width * 2);
      }
      if (page.range.last() >= last) {
        done = true;
      } else {
        cursor = page.range.last() + 1;
      }
      if (!page.measurements.isEmpty()) {
        page.measurements.sort(Measurements.OLDEST_FIRST);
        return page.measurements;
      }
    }
    return List.of();
  }

  private TimeRange rest() {
    return new TimeRange(cursor, last, false);
  }

  private Page read(Source source, Map<Long, Series> series, Selection selection) {
    while (true) {
      long end = cursor > Long.MAX_VALUE - width ? last : Math.min(last, cursor + width - 1);
      Page page = new Page(series, selection.within(new TimeRange(cursor, end, false)), width > 1);
      if (source.scan(page.selection, Order.ANY, page::visit)) {
        return page;
      }
      width = Math.max(1, width / 2);
    }
  }

  /** Looks for the first moment from which on there may be a measurement. */
  private static final class Earliest {
    private final long from;
    private long micros = Long.MAX_VALUE;
    private boolean found;

    Earliest(long from) {
      this.from = from;
    }

    boolean visit(Chunk chunk) {
      found = true;
      micros = Math.min(micros, Math.max(from, chunk.header().firstMicros()));
      return chunk.boundMicros() < micros && micros > from;
    }
  }

  /** The measurements of one span of time. */
  private static final class Page {
    private final Map<Long, Series> series;
    private final Selection selection;
    private final TimeRange range;
    private final boolean mayBeDivided;
    private final List<LatencyMeasurement> measurements = new ArrayList<>();
    private long weight;

    Page(Map<Long, Series> series, Selection selection, boolean mayBeDivided) {
      this.series = series;
      this.selection = selection;
      this.range = selection.range();
      this.mayBeDivided = mayBeDivided;
    }

    boolean visit(Chunk chunk) {
      BlockHeader header = chunk.header();
      Columns columns = chunk.decode();
      int end = CellPass.firstAfter(columns.timestamps(), columns.size(), range.last());
      for (int i = CellPass.firstNotBefore(columns.timestamps(), end, range.first());
          i < end;
          i++) {
        long latency = columns.latencies()[i];
        if (latency >= selection.minMicros() && latency <= selection.maxMicros()) {
          LatencyMeasurement measurement = Measurements.of(series, header, columns, i);
          measurements.add(measurement);
          String metadata = measurement.metadata();
          weight += 1 + (metadata == null ? 0 : metadata.length() / METADATA_WEIGHT);
        }
      }
      return weight <= MAX_WEIGHT || !mayBeDivided;
    }
  }
}
