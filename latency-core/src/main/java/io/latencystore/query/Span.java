package io.latencystore.query;

import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import io.latencystore.query.Source.Chunk;

/** The time that the matching measurements themselves take up. */
final class Span {

  private final Selection selection;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  private Span(Selection selection) {
    this.selection = selection;
  }

  /**
   * The range of the selection, an end that it leaves open replaced by that of the data; empty if
   * nothing matches.
   */
  static TimeRange of(Source source, Selection selection) {
    TimeRange range = selection.range();
    if (range.bounded()) {
      return range;
    }
    if (selection.isEmpty()) {
      return new TimeRange(0, -1, false);
    }
    Span span = new Span(selection);
    source.addUp(selection, span::add, span::add);
    boolean openBegin = range.first() == Long.MIN_VALUE;
    boolean openEnd = range.last() == Long.MAX_VALUE;
    if (span.first > span.last) {
      return new TimeRange(0, -1, false);
    }
    return new TimeRange(
        openBegin ? span.first : range.first(), openEnd ? span.last : range.last(), false);
  }

  private boolean add(Sums sums) {
    first = Math.min(first, sums.firstMicros());
    last = Math.max(last, sums.lastMicros());
    return true;
  }

  private boolean add(Chunk chunk) {
    BlockHeader header = chunk.header();
    if (selection.coversAll(header)) {
      first = Math.min(first, header.firstMicros());
      last = Math.max(last, header.lastMicros());
    } else if (header.firstMicros() < first || header.lastMicros() > last) {
      Columns columns = chunk.decode();
      for (int i = 0; i < columns.size(); i++) {
        long timestamp = columns.timestamps()[i];
        long latency = columns.latencies()[i];
        if (selection.range().covers(timestamp, timestamp)
            && latency >= selection.minMicros()
            && latency <= selection.maxMicros()) {
          first = Math.min(first, timestamp);
          last = Math.max(last, timestamp);
        }
      }
    }
    return true;
  }
}
