package io.latencystore.query;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How measurements are grouped: each falls into one numbered cell. Immutable. */
interface Cells {

  /** How many cells there are. */
  int size();

  /** The cell of a measurement that the selection of all cells covers. */
  int cellOf(long seriesId, long timestampMicros);

  /** The last moment, in microseconds, up to which a cell goes on for one series. */
  long lastMicrosOf(int cell);

  /** Whether it makes no difference to the cell when something was. */
  boolean ignoreTime();

  /** The part of a selection that falls into the cells from {@code from} to before {@code to}. */
  Selection narrow(Selection selection, int from, int to);

  /** What a cell covers of the range of time that is looked at. */
  TimeRange range(TimeRange range, int cell);

  /** One cell for everything. */
  static Cells one() {
    return new ByGroup(Map.of(), List.of());
  }

  /**
   * A cell for each set of series.
   *
   * @param groups disjoint sets of series ids
   */
  static Cells byGroup(List<Set<Long>> groups) {
    Map<Long, Integer> cellOfSeries = new HashMap<>();
    for (int cell = 0; cell < groups.size(); cell++) {
      for (long id : groups.get(cell)) {
        cellOfSeries.put(id, cell);
      }
    }
    return new ByGroup(cellOfSeries, groups);
  }

  /**
   * A cell for each bucket of time.
   *
   * @param starts the begins of the buckets, ascending, and behind them the end of the last
   */
  static Cells byTime(long[] starts) {
    return new ByTime(starts);
  }

  /** Cells of series. */
  record ByGroup(Map<Long, Integer> cellOfSeries, List<Set<Long>> groups) implements Cells {

    @Override
    public int size() {
      return Math.max(1, groups.size());
    }

    @Override
    public int cellOf(long seriesId, long timestampMicros) {
      return cellOfSeries.getOrDefault(seriesId, 0);
    }

    @Override
    public long lastMicrosOf(int cell) {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean ignoreTime() {
      return true;
    }

    @Override
    public Selection narrow(Selection selection, int from, int to) {
      if (groups.isEmpty()) {
        return selection;
      }
      Set<Long> ids = new HashSet<>();
      groups.subList(from, to).forEach(ids::addAll);
      return selection.ofSeries(ids);
    }

    @Override
    public TimeRange range(TimeRange range, int cell) {
      return range;
    }
  }

  /** Cells of time. */
  @SuppressWarnings("ArrayRecordComponent")
  record ByTime(long[] starts) implements Cells {

    @Override
    public int size() {
      return starts.length - 1;
    }

    @Override
    public int cellOf(long seriesId, long timestampMicros) {
      int index = Arrays.binarySearch(starts, timestampMicros);
      return Math.min(size() - 1, index >= 0 ? index : -index - 2);
    }

    @Override
    public long lastMicrosOf(int cell) {
      return cell == size() - 1 ? Long.MAX_VALUE : starts[cell + 1] - 1;
    }

    @Override
    public boolean ignoreTime() {
      return false;
    }

    @Override
    public Selection narrow(Selection selection, int from, int to) {
      return selection.within(selection.range().intersect(starts[from], lastMicrosOf(to - 1)));
    }

    @Override
    public TimeRange range(TimeRange range, int cell) {
      return range.intersect(starts[cell], starts[cell + 1] - 1);
    }
  }
}
