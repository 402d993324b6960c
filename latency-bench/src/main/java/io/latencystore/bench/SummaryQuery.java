package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long the exact 50th, 95th and 99th percentiles of everything in a SQLite file take: from the
 * store, which answers count, errors, sum and the rest besides, and from the obvious table by the
 * two queries that one would write. All three are checked to answer the same.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(
    value = 3,
    jvmArgs = {"-Xms1g", "-Xmx1g"})
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public class SummaryQuery {

  private static final List<Integer> PERCENTS = List.of(50, 95, 99);
  private static final LatencyQuery QUERY = LatencyQuery.all().percentiles(50, 95, 99);
  private static final int AT_ONCE = 50_000;

  /** How many measurements each file holds. */
  @Param("1000000")
  int measurements;

  private ScratchFile blocksFile;
  private ScratchFile rowsFile;
  private LatencyStore store;
  private ObviousTable table;
  private OrderByOffset orderByOffset;
  private WindowFunction windowFunction;

  /** Fills both files with the same measurements, and compares the answers. */
  @Setup(Level.Trial)
  public void fill() throws IOException, SQLException {
    blocksFile = ScratchFile.temporary();
    rowsFile = ScratchFile.temporary();
    store = LatencyStore.open(blocksFile.url());
    table = ObviousTable.create(rowsFile.path());
    Workload workload = new Workload(Workload.MAX_SERIES);
    for (int filled = 0; filled < measurements; filled += AT_ONCE) {
      List<LatencyMeasurement> next = workload.next(Math.min(AT_ONCE, measurements - filled));
      store.append(next);
      table.insert(next);
    }
    orderByOffset = new OrderByOffset(table);
    windowFunction = new WindowFunction(table, PERCENTS);
    long[] expected = orderByOffset();
    requireSame(expected, windowFunction(), "the window function");
    requireSame(expected, blocks(), "the store");
  }

  private static void requireSame(long[] expected, long[] actual, String whose) {
    if (!Arrays.equals(expected, actual)) {
      throw new IllegalStateException(
          whose
              + " answers "
              + Arrays.toString(actual)
              + " where ORDER BY and OFFSET answer "
              + Arrays.toString(expected));
    }
  }

  /** A summary of the store. */
  @Benchmark
  public long[] blocks() {
    return store.summarize(QUERY).percentilesMicros().values().stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  /** Three queries, each of which sorts and skips. */
  @Benchmark
  public long[] orderByOffset() throws SQLException {
    return orderByOffset.percentiles(PERCENTS);
  }

  /** One query that numbers the sorted rows. */
  @Benchmark
  public long[] windowFunction() throws SQLException {
    return windowFunction.percentiles();
  }

  /** Leaves nothing behind. */
  @TearDown(Level.Trial)
  public void tidyUp() throws IOException, SQLException {
    store.close();
    table.close();
    blocksFile.close();
    rowsFile.close();
  }
}
