package io.latencystore.query;

import io.latencystore.LatencyQuery;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import io.latencystore.query.Source.Chunk;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Passes over the chunks that belong to a run of cells. For one thread. */
final class CellPass {

  /** Takes the latencies of one cell that lie side by side in an array. */
  private interface Run {
    void take(Accumulator cell, boolean success, long[] latencies, int from, int to);
  }

  private final LatencyQuery query;
  private final Cells cells;
  private final Selection selection;
  private final int first;
  private final @Nullable Accumulator[] accumulators;
  private final boolean wantsPercentiles;
  private long[] matching = new long[0];
  private long bytes;

  CellPass(LatencyQuery query, Cells cells, Selection selection, int from, int to) {
    this.query = query;
    this.cells = cells;
    this.selection = selection;
    this.first = from;
    this.accumulators = new @Nullable Accumulator[to - from];
    this.wantsPercentiles = !query.percentiles().isEmpty();
  }

  /** The first pass: takes a chunk; returns how much memory the cells take now. */
  long fill(Chunk chunk) {
    BlockHeader header = chunk.header();
    Long sumOfSquares = header.sumOfSquares();
    if (sumOfSquares != null && fallsIntoOneCell(header)) {
      Accumulator cell = cell(header.seriesId(), header.firstMicros());
      cell.moments().add(header, sumOfSquares);
      if (wantsPercentiles) {
        distribute(cell, chunk.decodeLatencies().latencies(), 0, header.count());
      }
    } else {
      split(
          chunk,
          (cell, success, latencies, from, to) -> {
            cell.moments().add(latencies, from, to, success);
            if (wantsPercentiles) {
              distribute(cell, latencies, from, to);
            }
          });
    }
    return bytes;
  }

  /**
   * The first pass, where no cell has bounds in time and no percentile is asked for: takes sums.
   */
  long fill(Sums sums) {
    cell(sums.seriesId(), sums.firstMicros()).moments().add(sums);
    return bytes;
  }

  private void distribute(Accumulator cell, long[] latencies, int from, int to) {
    long before = cell.bytes();
    cell.distribution().add(latencies, from, to);
    bytes += cell.bytes() - before;
  }

  /** Ends the first pass; returns how much memory the cells take during a further one. */
  long endFill() {
    long bytesToNarrow = 0;
    for (Accumulator cell : accumulators) {
      if (cell != null && wantsPercentiles) {
        cell.distribution().seek(query.percentiles(), cell.moments().count());
        bytesToNarrow += cell.distribution().bytesToNarrow();
      }
    }
    return bytesToNarrow;
  }

  boolean isSettled() {
    for (Accumulator cell : accumulators) {
      if (cell != null && !cell.distribution().isFound()) {
        return false;
      }
    }
    return true;
  }

  /** A further pass: takes a chunk. */
  boolean narrow(Chunk chunk) {
    BlockHeader header = chunk.header();
    if (fallsIntoOneCell(header)) {
      Distribution distribution = cell(header.seriesId(), header.firstMicros()).distribution();
      if (distribution.mustSee(header.minMicros(), header.maxMicros())) {
        distribution.addAgain(chunk.decodeLatencies().latencies(), 0, header.count());
      }
    } else {
      split(
          chunk,
          (cell, success, latencies, from, to) ->
              cell.distribution().addAgain(latencies, from, to));
    }
    return true;
  }

  void endNarrow() {
    for (Accumulator cell : accumulators) {
      if (cell != null) {
        cell.distribution().narrow();
      }
    }
  }

  void results(BiConsumer<Integer, ExactSummary> result) {
    for (int i = 0; i < accumulators.length; i++) {
      Accumulator cell = accumulators[i];
      if (cell != null) {
        List<Long> values = wantsPercentiles ? cell.distribution().found() : List.of();
        result.accept(
            first + i, cell.summary(query, cells.range(selection.range(), first + i), values));
      }
    }
  }

  private boolean fallsIntoOneCell(BlockHeader header) {
    return selection.coversAll(header)
        && header.lastMicros()
            <= cells.lastMicrosOf(cells.cellOf(header.seriesId(), header.firstMicros()));
  }

  /** Gives each cell its share of a chunk. */
  private void split(Chunk chunk, Run run) {
    BlockHeader header = chunk.header();
    Columns columns = chunk.decode();
    long[] timestamps = columns.timestamps();
    int end = firstAfter(timestamps, columns.size(), selection.range().last());
    int from = firstNotBefore(timestamps, end, selection.range().first());
    while (from < end) {
      int index = cells.cellOf(header.seriesId(), timestamps[from]);
      int to = firstAfter(timestamps, end, cells.lastMicrosOf(index));
      take(header, columns.latencies(), from, to, timestamps[from], run);
      from = to;
    }
  }

  private void take(
      BlockHeader header, long[] latencies, int from, int to, long timestamp, Run run) {
    if (selection.coversLatencies(header)) {
      run.take(cell(header.seriesId(), timestamp), header.success(), latencies, from, to);
      return;
    }
    if (matching.length < to - from) {
      matching = new long[to - from];
    }
    int found = 0;
    for (int i = from; i < to; i++) {
      if (latencies[i] >= selection.minMicros() && latencies[i] <= selection.maxMicros()) {
        matching[found++] = latencies[i];
      }
    }
    if (found > 0) {
      run.take(cell(header.seriesId(), timestamp), header.success(), matching, 0, found);
    }
  }

  private Accumulator cell(long seriesId, long timestampMicros) {
    int index = cells.cellOf(seriesId, timestampMicros) - first;
    Accumulator cell = accumulators[index];
    if (cell == null) {
      cell = new Accumulator();
      accumulators[index] = cell;
      bytes += cell.bytes();
    }
    return cell;
  }

  /** The first index whose value is above {@code bound}. */
  static int firstAfter(long[] sorted, int size, long bound) {
    return bound == Long.MAX_VALUE ? size : firstNotBefore(sorted, size, bound + 1);
  }

  /** The first index whose value is at least {@code bound}. */
  static int firstNotBefore(long[] sorted, int size, long bound) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
