package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyStore;
import io.latencystore.testkit.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

/**
 * Whether more connections that write commit more: so many, each with a thread and a store of its
 * own, append batches to one database at the same time.
 *
 * <p>The figure to read is {@code measurements}, of all together.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgs = {"-Xms1g", "-Xmx1g"})
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public class PostgresWriters {

  private static final int SERIES = 96;

  /** How many connections write. */
  @Param({"1", "4", "10", "32"})
  int writers;

  /** How many measurements each commits in one transaction. */
  @Param("10000")
  int batch;

  /** The server, as in {@link PostgresInsertThroughput}. */
  @Param("")
  String url;

  private PostgresServer server;
  private String database;
  private ExecutorService threads;
  private List<Callable<Long>> appends;
  private List<LatencyStore> stores;

  /** Measurements inserted, shown as a rate. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Rate {
    /** Measurements a second. */
    public long measurements;
  }

  /** Opens the stores on an empty database. */
  @Setup(Level.Iteration)
  public void open() {
    server = url.isEmpty() ? PostgresServer.shared() : PostgresServer.at(url);
    database = server.newDatabase();
    threads = Executors.newFixedThreadPool(writers);
    stores = new ArrayList<>();
    appends = new ArrayList<>();
    List<LatencyMeasurement> measurements = new Workload(SERIES).next(batch);
    for (int i = 0; i < writers; i++) {
      LatencyStore store = LatencyStore.builder(database).appendBatch(batch).open();
      stores.add(store);
      appends.add(() -> store.append(measurements));
    }
  }

  /** Drops it. */
  @TearDown(Level.Iteration)
  public void close() {
    threads.shutdown();
    stores.forEach(LatencyStore::close);
    server.dropDatabase(database);
  }

  /** A batch from each. */
  @Benchmark
  public long append(Rate rate) throws InterruptedException, ExecutionException {
    long committed = 0;
    for (Future<Long> append : threads.invokeAll(appends)) {
      committed += append.get();
    }
    rate.measurements += committed;
    return committed;
  }
}
