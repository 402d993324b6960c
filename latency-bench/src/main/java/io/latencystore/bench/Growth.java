package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * What a step of a million measurements costs on top of those that are there, and what a summary of
 * all costs then.
 *
 * <p>The iterations are the curve: the first begins with an empty file, and each one adds a step to
 * it, so {@code rawData} has a figure for each size, in order, and the score is only their mean.
 * Warmup iterations begin with an empty file each.
 */
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(
    value = 3,
    jvmArgs = {"-Xms2g", "-Xmx2g"})
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public class Growth {

  private static final LatencyQuery QUERY = LatencyQuery.all().percentiles(50, 95, 99);

  /** A store that grows, and the next step. */
  @State(Scope.Thread)
  public static class GrowingStore {

    /** How many measurements a step has. */
    @Param("1000000")
    int measurements;

    LatencyStore store;
    List<LatencyMeasurement> step;
    private ScratchFile file;
    private Workload workload;
    private boolean measuring;

    /** Finds a place for the database. */
    @Setup(Level.Trial)
    public void findPlace() throws IOException {
      file = ScratchFile.temporary();
      begin();
    }

    /** Makes the next step. */
    @Setup(Level.Iteration)
    public void next(IterationParams iteration) throws IOException {
      if (!measuring) {
        store.close();
        begin();
        measuring = iteration.getType() == IterationType.MEASUREMENT;
      }
      step = workload.next(measurements);
      stepMade();
    }

    /** What is done with a step before time is taken. */
    void stepMade() {}

    private void begin() throws IOException {
      file.delete();
      store = LatencyStore.open(file.url());
      workload = new Workload(Workload.MAX_SERIES);
    }

    /** Notes what there is now. */
    @TearDown(Level.Iteration)
    public void note(Size size) {
      size.stored = store.summarize(QUERY.withoutPercentiles()).count();
      size.fileBytes = store.check().sizeBytes();
    }

    /** Leaves nothing behind. */
    @TearDown(Level.Trial)
    public void tidyUp() throws IOException {
      store.close();
      file.close();
    }
  }

  /** A growing store that has the step already. */
  @State(Scope.Thread)
  public static class GrownStore extends GrowingStore {

    @Override
    void stepMade() {
      store.append(step);
    }
  }

  /** The size after each iteration; only {@code rawData} means something. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Size {
    /** How many measurements there are. */
    public long stored;

    /** How large the database is. */
    public long fileBytes;
  }

  /** Appends a step, in transactions of the default size. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  public long append(GrowingStore growing) {
    return growing.store.append(growing.step);
  }

  /** Summarises everything after a step, again and again for a second. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public LatencySummary summarize(GrownStore grown) {
    return grown.store.summarize(QUERY);
  }
}
