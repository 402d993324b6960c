package io.latencystore.bench;

import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.Series;
import io.latencystore.StoreStats;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.OverflowPolicy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * What recording costs its caller at full speed, in nanoseconds a call: with the store, and with the
 * queues that one would put in front of a JDBC batch writer.
 *
 * <p>Threads that do nothing else record faster than anyone writes, so they are measured in bursts:
 * an iteration is ten milliseconds, begins with an empty spool or queue, and ends before that is
 * full; {@code dropped} says whether it did. A call that is dropped costs something else than one
 * that is taken.
 */
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 10, time = 50, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 10, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgs = {"-Xms1g", "-Xmx1g"})
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public abstract class RecordCost {

  /** How many measurements the writer is kept busy with. */
  private static final int BACKLOG = 500_000;

  /** One thread. */
  @Threads(1)
  public static class OneProducer extends RecordCost {}

  /** As many threads as a small machine has cores. */
  @Threads(2)
  public static class TwoProducers extends RecordCost {}

  /** More threads than a small machine has cores. */
  @Threads(4)
  public static class FourProducers extends RecordCost {}

  /** What the writer does during a burst. */
  public enum Writer {
    /** It sleeps: what is measured is the caller's path alone. */
    IDLE,
    /** It stores what was recorded before, and competes for cores and memory. */
    BUSY
  }

  /** A store on a SQLite file. */
  @State(Scope.Benchmark)
  public static class Store {

    /** What the writer does. */
    @Param Writer writer;

    LatencyRecorder recorder;
    private ScratchFile file;
    private LatencyStore store;
    private long droppedBefore;

    /** Opens it. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      file = ScratchFile.temporary();
      store =
          LatencyStore.builder(file.url())
              .overflow(OverflowPolicy.dropNewest())
              .batch(BatchPolicy.within(Duration.ofDays(1)))
              .open();
      Series series = Workload.series(0);
      recorder = store.recorder(series.component(), series.command());
    }

    /** Empties the spool, and gives the writer something to do. */
    @Setup(Level.Iteration)
    public void prepare() {
      droppedBefore = dropped();
      if (writer == Writer.BUSY) {
        for (int i = 0; i < BACKLOG; i++) {
          recorder.record(i, i);
        }
        var unused = store.flushAsync();
      }
    }

    /** How many have found no room so far, once all others are stored. */
    private long dropped() {
      store.flush(Duration.ofMinutes(1));
      StoreStats stats = store.stats();
      return stats.recorded() - stats.committed();
    }

    /** Leaves nothing behind. */
    @TearDown(Level.Trial)
    public void tidyUp() throws IOException {
      store.close();
      file.close();
    }
  }

  /** A queue, and a thread that takes what is in it into the obvious table. */
  @State(Scope.Benchmark)
  public static class Peer {

    private static final int CAPACITY = 1 << 22;
    private static final int BATCH = 10_000;

    /** Which queue. */
    @Param QueueKind queue;

    /** What the writer does. */
    @Param Writer writer;

    RowQueue rows;
    private ScratchFile file;
    private ObviousTable table;
    private @Nullable TableWriter tableWriter;

    /** Makes both. */
    @Setup(Level.Trial)
    public void open() throws IOException, SQLException {
      file = ScratchFile.temporary();
      table = ObviousTable.create(file.path());
      rows = queue.create(CAPACITY);
    }

    /** Empties the queue, and gives the writer something to do. */
    @Setup(Level.Iteration)
    public void prepare() {
      rows.drain(row -> {}, CAPACITY);
      if (writer == Writer.BUSY) {
        for (int i = 0; i < BACKLOG; i++) {
          rows.offer(i, i, 0, true);
        }
        tableWriter = new TableWriter(rows, table, BATCH);
      }
    }

    /** Stops the writer. */
    @TearDown(Level.Iteration)
    public void stop() throws InterruptedException {
      if (tableWriter != null) {
        tableWriter.stop();
        tableWriter = null;
      }
    }

    /** Leaves nothing behind. */
    @TearDown(Level.Trial)
    public void tidyUp() throws IOException, SQLException {
      table.close();
      file.close();
    }
  }

  /** Measurements that found no room. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Drops {
    /** How many. */
    public long dropped;
  }

  /** Measurements that found no room in the spool. */
  public static class StoreDrops extends Drops {
    /** Asks the store, on behalf of all threads. */
    @TearDown(Level.Iteration)
    public void ask(Store store, ThreadParams thread) {
      dropped = thread.getThreadIndex() == 0 ? store.dropped() - store.droppedBefore : 0;
    }
  }

  /** The caller knows when the operation ended. */
  @Benchmark
  public void withTime(Store store, Caller caller, StoreDrops drops) {
    store.recorder.record(caller.endedAtMicros(), caller.latencyMicros());
  }

  /** The store takes the time. */
  @Benchmark
  public void takingTime(Store store, Caller caller, StoreDrops drops) {
    caller.endedAtMicros();
    store.recorder.record(caller.latencyMicros(), TimeUnit.MICROSECONDS);
  }

  /** The store takes the time, and the caller makes a duration. */
  @Benchmark
  public void duration(Store store, Caller caller, StoreDrops drops) {
    caller.endedAtMicros();
    store.recorder.record(Duration.ofNanos(caller.latencyMicros() * 1_000));
  }

  /** The caller knows the time; into a peer's queue. */
  @Benchmark
  public void queue(Peer peer, Caller caller, Drops drops) {
    if (!peer.rows.offer(caller.endedAtMicros(), caller.latencyMicros(), 0, true)) {
      drops.dropped++;
    }
  }

  /** One look at the clock that intervals are taken with. */
  @Benchmark
  public long nanoTime() {
    return System.nanoTime();
  }

  /** One look at the clock that says what time it is. */
  @Benchmark
  public Instant instant() {
    return Clock.systemUTC().instant();
  }

  /** Nothing: in {@code SampleTime} what a sample itself costs. */
  @Benchmark
  public void nothing() {}
}
