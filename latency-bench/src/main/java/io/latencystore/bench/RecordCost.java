package io.latencystore.bench;

import io.latencystore.LatencyRecorder;
import io.latencystore.policy.BatchPolicy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What recording costs its caller at full speed, in nanoseconds a call: with the store, and with
 * the queues that one would put in front of a JDBC batch writer.
 *
 * <p>Threads that do nothing else record faster than anyone writes, so what is measured is a burst:
 * each thread makes {@value #BURST} calls, and before the next burst the spool or queue is emptied.
 * It has room for the bursts of all threads; {@code dropped} says whether it had, since a call that
 * is dropped costs something else than one that is taken.
 *
 * <p>The score is the time by the clock, in which a thread may have waited for a core; {@code cpu},
 * from {@link CallCost}, is what it worked.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RecordCost.BURST)
@Warmup(iterations = 20, batchSize = RecordCost.BURST / RecordCost.CALLS)
@Measurement(iterations = 20, batchSize = RecordCost.BURST / RecordCost.CALLS)
@Fork(
    value = 3,
    jvmArgs = {"-Xms1g", "-Xmx1g"})
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public abstract class RecordCost {

  /** How many calls a thread makes in a burst: an iteration, which JMH calls an operation each. */
  static final int BURST = 250_000;

  /** How many calls an invocation makes, so that JMH's own loop costs nothing. */
  static final int CALLS = 1_000;

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

    private RecordedStore store;

    /** Opens it. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      // It is told when to write.
      store = RecordedStore.open(options -> options.batch(BatchPolicy.within(Duration.ofDays(1))));
    }

    /** Empties the spool, and gives the writer something to do. */
    @Setup(Level.Iteration)
    public void prepare() {
      store.begin();
      if (writer == Writer.BUSY) {
        for (int i = 0; i < BACKLOG; i++) {
          store.recorder().record(i, i);
        }
        store.write();
      }
    }

    /** Leaves nothing behind. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
      store.close();
    }
  }

  /** A queue, and a thread that takes what is in it into the obvious table. */
  @State(Scope.Benchmark)
  public static class Peer {

    private static final int CAPACITY = 1 << 21;
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

  /** A thread that records into the store. */
  public static class StoreCaller extends Caller {

    /** Begins to count once the store is prepared. */
    @Setup(Level.Iteration)
    public void begin(Store store) {
      begin();
    }

    /** Ends, and asks the store what it dropped. */
    @TearDown(Level.Iteration)
    public void end(Store store) {
      end();
      CallCost.addDropped(store.store.droppedNow());
    }
  }

  /** A thread that offers to a queue. */
  public static class QueueCaller extends Caller {

    /** Begins to count once the queue is prepared. */
    @Setup(Level.Iteration)
    public void begin(Peer peer) {
      begin();
    }

    /** Ends. */
    @TearDown(Level.Iteration)
    public void end(Peer peer) {
      end();
    }
  }

  /** The caller knows when the operation ended. */
  @Benchmark
  public void withTime(Store store, StoreCaller caller) {
    LatencyRecorder recorder = store.store.recorder();
    for (int i = 0; i < CALLS; i++) {
      recorder.record(caller.endedAtMicros(), caller.latencyMicros());
    }
  }

  /** The store takes the time. */
  @Benchmark
  public void takingTime(Store store, StoreCaller caller) {
    LatencyRecorder recorder = store.store.recorder();
    for (int i = 0; i < CALLS; i++) {
      recorder.record(caller.nextLatencyMicros(), TimeUnit.MICROSECONDS);
    }
  }

  /** The store takes the time, and the caller makes a duration. */
  @Benchmark
  public void duration(Store store, StoreCaller caller) {
    LatencyRecorder recorder = store.store.recorder();
    for (int i = 0; i < CALLS; i++) {
      recorder.record(Duration.ofNanos(caller.nextLatencyMicros() * 1_000));
    }
  }

  /** The caller knows when the operation ended; into a peer's queue. */
  @Benchmark
  public void queue(Peer peer, QueueCaller caller) {
    for (int i = 0; i < CALLS; i++) {
      if (!peer.rows.offer(caller.endedAtMicros(), caller.latencyMicros(), 0, true)) {
        caller.dropped++;
      }
    }
  }

  /** The clock that intervals are taken with. */
  @Benchmark
  public void nanoTime(Blackhole blackhole) {
    for (int i = 0; i < CALLS; i++) {
      blackhole.consume(System.nanoTime());
    }
  }

  /** The clock that says what time it is, asked as the store does. */
  @Benchmark
  public void instant(Blackhole blackhole) {
    Clock clock = Clock.systemUTC();
    for (int i = 0; i < CALLS; i++) {
      Instant now = clock.instant();
      blackhole.consume(now.getEpochSecond());
      blackhole.consume(now.getNano());
    }
  }
}
