package io.latencystore.query;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import io.latencystore.Series;
import io.latencystore.Text;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import io.latencystore.query.Source.Order;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Summaries, exact and in bounded memory, whatever the window.
 *
 * <ol>
 *   <li>Every measurement falls into a cell: the only one, that of its group, or that of its bucket
 *       of time.
 *   <li>A pass over the chunks fills the cells' accumulators: from headers or sums where a whole
 *       chunk falls into one cell and no percentile is asked for, else from decoded latencies.
 *   <li>If they outgrow {@link #MEMORY_BYTES}, the cells are divided and each half gets passes of
 *       its own.
 *   <li>Percentiles that the first pass did not settle are narrowed by further passes; see {@link
 *       Distribution}.
 * </ol>
 */
public final class Aggregation {

  /** The most buckets in a time series. */
  public static final int MAX_BUCKETS = 1_000_000;

  private static final long MEMORY_BYTES = 32L << 20;

  private final Source source;
  private final LatencyQuery query;
  private final Cells cells;
  private final Selection selection;
  private final BiConsumer<Integer, ExactSummary> result;

  private Aggregation(
      Source source,
      LatencyQuery query,
      Cells cells,
      Selection selection,
      BiConsumer<Integer, ExactSummary> result) {
    this.source = source;
    this.query = query;
    this.cells = cells;
    this.selection = selection;
    this.result = result;
  }

  /** What all measurements of the query amount to. */
  public static LatencySummary summarize(Source source, LatencyQuery query) {
    Selection selection = selection(source, query);
    List<ExactSummary> found = new ArrayList<>();
    new Aggregation(source, query, Cells.one(), selection, (cell, summary) -> found.add(summary))
        .run();
    return found.isEmpty() ? ExactSummary.empty(query, selection.range()) : found.get(0);
  }

  /** What the measurements of each series amount to. */
  public static SortedMap<Series, LatencySummary> summarizeBySeries(
      Source source, LatencyQuery query) {
    Map<Long, Series> series = source.series(query.components(), query.commands());
    SortedMap<Series, Set<Long>> groups = new TreeMap<>();
    series.forEach((id, names) -> groups.put(names, Set.of(id)));
    return summarizeGroups(source, query, groups);
  }

  /** What the measurements of each component amount to. */
  public static SortedMap<String, LatencySummary> summarizeByComponent(
      Source source, LatencyQuery query) {
    Map<Long, Series> series = source.series(query.components(), query.commands());
    SortedMap<String, Set<Long>> groups = new TreeMap<>(Text::compareCodePoints);
    series.forEach(
        (id, names) -> groups.computeIfAbsent(names.component(), c -> new HashSet<>()).add(id));
    return summarizeGroups(source, query, groups);
  }

  private static <K> SortedMap<K, LatencySummary> summarizeGroups(
      Source source, LatencyQuery query, SortedMap<K, Set<Long>> groups) {
    List<K> keys = new ArrayList<>(groups.keySet());
    Comparator<? super K> order = groups.comparator();
    SortedMap<K, LatencySummary> summaries = new TreeMap<>(order);
    if (!keys.isEmpty()) {
      Cells cells = Cells.byGroup(new ArrayList<>(groups.values()));
      Selection selection = Selection.of(query, Set.of()).ofSeries(Set.of());
      new Aggregation(
              source,
              query,
              cells,
              selection,
              (cell, summary) -> summaries.put(keys.get(cell), summary))
          .run();
    }
    return summaries;
  }

  /** One summary for each bucket of time. */
  public static List<TimeBucket> timeSeries(
      Source source, LatencyQuery query, TimeBuckets buckets) {
    Selection asked = selection(source, query);
    TimeRange range = Span.of(source, asked);
    if (range.isEmpty()) {
      return List.of();
    }
    long[] starts = starts(range, buckets);
    Selection selection = asked.within(range);
    Cells cells = Cells.byTime(starts);
    List<TimeBucket> series = new ArrayList<>(cells.size());
    for (int cell = 0; cell < cells.size(); cell++) {
      series.add(
          new TimeBucket(
              Micros.toInstant(starts[cell]),
              Micros.toInstant(starts[cell + 1]),
              ExactSummary.empty(query, cells.range(range, cell))));
    }
    new Aggregation(
            source,
            query,
            cells,
            selection,
            (cell, summary) ->
                series.set(
                    cell,
                    new TimeBucket(series.get(cell).start(), series.get(cell).end(), summary)))
        .run();
    return series;
  }

  private static long[] starts(TimeRange range, TimeBuckets buckets) {
    double count = buckets.count(range.first(), range.last());
    if (count > MAX_BUCKETS) {
      throw new IllegalArgumentException(
          String.format(
              java.util.Locale.ROOT,
              "the window %s to %s has %.0f buckets, more than %d; name wider buckets or a shorter window",
              Micros.toInstant(range.first()),
              Micros.toInstant(range.last()),
              count,
              MAX_BUCKETS));
    }
    List<Long> starts = new ArrayList<>();
    long start = buckets.startOf(range.first());
    starts.add(start);
    do {
      start = buckets.after(start);
      starts.add(start);
    } while (start <= range.last() && start != Long.MAX_VALUE);
    return starts.stream().mapToLong(Long::longValue).toArray();
  }

  private static Selection selection(Source source, LatencyQuery query) {
    boolean anySeries = query.components().isEmpty() && query.commands().isEmpty();
    return Selection.of(
        query, anySeries ? Set.of() : source.series(query.components(), query.commands()).keySet());
  }

  private void run() {
    run(0, cells.size());
  }

  /** Summarises the cells from {@code from} to before {@code to}. */
  private void run(int from, int to) {
    Selection narrowed = cells.narrow(selection, from, to);
    if (!narrowed.isEmpty() && !runAtOnce(narrowed, from, to)) {
      int middle = (from + to) >>> 1;
      run(from, middle);
      run(middle, to);
    }
  }

  /**
   * Summarises cells side by side, unless they are several and outgrow the memory. Nothing of them
   * is in memory any more when this returns.
   *
   * @return whether it did
   */
  private boolean runAtOnce(Selection narrowed, int from, int to) {
    CellPass pass = new CellPass(query, cells, narrowed, from, to);
    long budget = to - from == 1 ? Long.MAX_VALUE : MEMORY_BYTES;
    if (!fill(pass, narrowed, budget) || pass.endFill() > budget) {
      return false;
    }
    while (!pass.isSettled()) {
      source.scan(narrowed, Order.ANY, pass::narrow);
      pass.endNarrow();
    }
    pass.results(result);
    return true;
  }

  private boolean fill(CellPass pass, Selection narrowed, long budget) {
    Source.Visitor filling = chunk -> pass.fill(chunk) <= budget;
    boolean sumsWillDo = query.percentiles().isEmpty() && cells.ignoreTime();
    return sumsWillDo
        ? source.addUp(narrowed, sums -> pass.fill(sums) <= budget, filling)
        : source.scan(narrowed, Order.ANY, filling);
  }
}
