package io.latencystore.bench;

import io.latencystore.FlushResult;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.Series;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

/**
 * How many measurements a second get from the threads that record them into a SQLite file, for as
 * long as it takes to show that this can go on: with the store, and with a queue in front of a JDBC
 * batch writer.
 *
 * <p>An invocation begins with an empty file, records a fixed number of measurements, and ends when
 * all of them are committed. Whoever records into a full spool or queue waits, so that the writer's
 * pace is what counts, and nothing may be dropped. The heap is 64 MB: what waits must not lie
 * there.
 *
 * <p>The figure to read is {@code measurements}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgs = {"-Xms64m", "-Xmx64m"})
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public class EndToEnd {

  /** Who records, and where. */
  @State(Scope.Thread)
  public abstract static class Producers {

    /** How many threads record. */
    @Param({"1", "2", "4"})
    int producers;

    /** The database file, which must not be there; empty for a temporary one. */
    @Param("")
    String database;

    ScratchFile file;
    private Tape tape;

    /** Finds a place for the database. */
    @Setup(Level.Trial)
    public void findPlace() throws IOException {
      file = ScratchFile.named(database);
      tape = new Tape();
    }

    /** Has so many measurements recorded by all threads together. */
    final void record(long count, Tape.Listener listener) throws InterruptedException {
      Thread[] threads = new Thread[producers];
      for (int i = 0; i < producers; i++) {
        int first = i;
        threads[i] =
            new Thread(() -> tape.play(first, count, producers, listener), "producer-" + i);
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    /** Leaves nothing behind. */
    @TearDown(Level.Trial)
    public void tidyUp() throws IOException {
      file.close();
    }
  }

  /** Measurements committed, shown as a rate. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Rate {
    /** Measurements a second. */
    public long measurements;
  }

  /** What is in the closed file after each invocation; JMH adds them up. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Stored {
    /** Measurements that were recorded and are not there. */
    public long dropped;

    /** Measurements that are there. */
    public long stored;

    /** The size of the file. */
    public long fileBytes;

    void add(long recorded, long found, ScratchFile file) throws IOException {
      dropped += recorded - found;
      stored += found;
      fileBytes += file.sizeBytes();
      file.delete();
    }
  }

  /** The store, with every option at its default. */
  @State(Scope.Thread)
  public static class Store extends Producers {

    /** How many measurements are recorded. */
    @Param("50000000")
    long measurements;

    private LatencyStore store;
    private LatencyRecorder[] recorders;

    /** Opens an empty store. */
    @Setup(Level.Invocation)
    public void open() {
      store = LatencyStore.open(file.url());
      recorders = new LatencyRecorder[Workload.MAX_SERIES];
      for (int i = 0; i < recorders.length; i++) {
        Series series = Workload.series(i);
        recorders[i] = store.recorder(series.component(), series.command());
      }
    }

    private void play(long timestampMicros, long latencyMicros, int series, boolean success) {
      if (success) {
        recorders[series].record(timestampMicros, latencyMicros);
      } else {
        recorders[series].recordFailure(timestampMicros, latencyMicros);
      }
    }

    /** Closes it, and looks at what it holds. */
    @TearDown(Level.Invocation)
    public void close(Stored stored) throws IOException {
      long found = store.summarize(LatencyQuery.all().withoutPercentiles()).count();
      store.close();
      stored.add(measurements, found, file);
    }
  }

  /** A queue, and a thread that takes what is in it into the obvious table. */
  @State(Scope.Thread)
  public static class Peer extends Producers {

    private static final int CAPACITY = 1 << 16;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** Which queue. */
    @Param QueueKind queue;

    /** How many measurements are recorded: fewer, since it is the rate that is compared. */
    @Param("2000000")
    long rows;

    /** How many go into a transaction, if as many wait. */
    @Param("10000")
    int batch;

    private ObviousTable table;
    private RowQueue waiting;
    private TableWriter writer;

    /** Makes an empty table, and begins to write. */
    @Setup(Level.Invocation)
    public void open() throws SQLException {
      table = ObviousTable.create(file.path());
      waiting = queue.create(CAPACITY);
      writer = new TableWriter(waiting, table, batch);
    }

    private void play(long timestampMicros, long latencyMicros, int series, boolean success) {
      while (!waiting.offer(timestampMicros, latencyMicros, series, success)) {
        writer.requireAlive();
        LockSupport.parkNanos(waiting, PAUSE_NANOS);
      }
    }

    /** Closes it, and looks at what it holds. */
    @TearDown(Level.Invocation)
    public void close(Stored stored) throws IOException, SQLException {
      long found = table.count();
      table.close();
      stored.add(rows, found, file);
    }
  }

  /** Through recorders into the store. */
  @Benchmark
  public void store(Store store, Rate rate) throws InterruptedException {
    store.record(store.measurements, store::play);
    FlushResult result = store.store.flush(Duration.ofHours(1));
    if (result != FlushResult.STORED) {
      throw new IllegalStateException("what was recorded is not committed, but " + result);
    }
    rate.measurements += store.measurements;
  }

  /** Through a queue into the obvious table. */
  @Benchmark
  public void queue(Peer peer, Rate rate) throws InterruptedException {
    peer.record(peer.rows, peer::play);
    peer.writer.drain();
    rate.measurements += peer.rows;
  }
}
