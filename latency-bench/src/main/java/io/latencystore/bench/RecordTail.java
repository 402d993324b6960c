package io.latencystore.bench;

import java.io.IOException;
import java.sql.SQLException;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * How long single calls that record take, in percentiles, while the writer writes as it does in
 * production: at full speed, and paced, where caches are cold and the system has had time to write
 * pages back, which whoever touches them next pays for.
 *
 * <p>A sample contains the looks at the clock around the call; {@code nothing} shows what those and
 * the machine contribute, and {@code nothingForAsLong} what it does meanwhile to anybody who takes
 * as long. At full speed a thread waits after each hundred thousand calls until they are written,
 * so that nothing is dropped; neither that nor the pacing is in a sample.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 6)
@Fork(
    value = 3,
    jvmArgs = {"-Xms1g", "-Xmx1g"})
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public abstract class RecordTail {

  private static final long COLD_NANOS = 200;

  /** One thread. */
  @Threads(1)
  public static class OneProducer extends RecordTail {}

  /** As many threads as a small machine has cores. */
  @Threads(2)
  public static class TwoProducers extends RecordTail {}

  /** More threads than a small machine has cores. */
  @Threads(4)
  public static class FourProducers extends RecordTail {}

  /** Where measurements go, and how fast. */
  @State(Scope.Benchmark)
  public static class Target {

    private static final int BURST = 100_000;

    /** How many calls all threads together make in a second; 0 for full speed. */
    @Param({"0", "10000"})
    long rate;

    /** Waits, if it must, until a thread may make its next call. */
    final void pace(Caller caller, int threads) throws InterruptedException {
      if (rate > 0) {
        caller.awaitTurn(TimeUnit.SECONDS.toNanos(threads) / rate);
      } else if (caller.hasMade(BURST)) {
        drain();
      }
    }

    /** Waits until what was recorded is written. */
    void drain() throws InterruptedException {}
  }

  /** The store, with every option at its default but that it drops. */
  public static class Store extends Target {

    private RecordedStore store;

    /** Opens it. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      store = RecordedStore.open(options -> options);
    }

    /** Empties the spool. */
    @Setup(Level.Iteration)
    public void prepare() {
      store.begin();
    }

    @Override
    void drain() {
      store.drain();
    }

    /** Leaves nothing behind. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
      store.close();
    }
  }

  /** A queue, and a thread that takes what is in it into the obvious table. */
  public static class Peer extends Target {

    private static final int CAPACITY = 1 << 20;
    private static final int BATCH = 10_000;

    /** Which queue. */
    @Param QueueKind queue;

    private ScratchFile file;
    private ObviousTable table;
    private RowQueue rows;
    private TableWriter writer;

    /** Makes both. */
    @Setup(Level.Trial)
    public void open() throws IOException, SQLException {
      file = ScratchFile.temporary();
      table = ObviousTable.create(file.path());
      rows = queue.create(CAPACITY);
      writer = new TableWriter(rows, table, BATCH);
    }

    @Override
    void drain() throws InterruptedException {
      writer.awaitEmpty();
    }

    /** Leaves nothing behind. */
    @TearDown(Level.Trial)
    public void close() throws IOException, SQLException, InterruptedException {
      writer.stop();
      table.close();
      file.close();
    }
  }

  /** A thread that does nothing, at its pace. */
  public static class IdleCaller extends Caller {

    /** Waits for its turn. */
    @Setup(Level.Invocation)
    public void pace(Target target, BenchmarkParams params) throws InterruptedException {
      target.pace(this, params.getThreads());
    }
  }

  /** A thread that records into the store. */
  public static class StoreCaller extends Caller {

    /** Begins to count once the store is prepared. */
    @Setup(Level.Iteration)
    public void begin(Store store) {
      begin();
    }

    /** Waits for its turn. */
    @Setup(Level.Invocation)
    public void pace(Store store, BenchmarkParams params) throws InterruptedException {
      store.pace(this, params.getThreads());
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

    /** Begins to count. */
    @Setup(Level.Iteration)
    public void begin(Peer peer) {
      begin();
    }

    /** Waits for its turn. */
    @Setup(Level.Invocation)
    public void pace(Peer peer, BenchmarkParams params) throws InterruptedException {
      peer.pace(this, params.getThreads());
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
    store.store.recorder().record(caller.endedAtMicros(), caller.latencyMicros());
  }

  /** The store takes the time. */
  @Benchmark
  public void takingTime(Store store, StoreCaller caller) {
    store.store.recorder().record(caller.nextLatencyMicros(), TimeUnit.MICROSECONDS);
  }

  /** The caller knows when the operation ended; into a peer's queue. */
  @Benchmark
  public void queue(Peer peer, QueueCaller caller) {
    if (!peer.rows.offer(caller.endedAtMicros(), caller.latencyMicros(), 0, true)) {
      caller.dropped++;
    }
  }

  /** Nothing, for as long as a call takes that finds its caches cold. */
  @Benchmark
  public long nothingForAsLong(Target target, IdleCaller caller) {
    long end = System.nanoTime() + COLD_NANOS;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return end;
  }

  /** Nothing. */
  @Benchmark
  public long nothing(Target target, IdleCaller caller) {
    return caller.nextLatencyMicros();
  }
}
