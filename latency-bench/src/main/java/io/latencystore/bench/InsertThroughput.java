package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import io.latencystore.testkit.PostgresServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many measurements a second one thread commits to a SQLite file, one transaction a batch: into
 * the store, and into the obvious table by JDBC batches. The store may be on a server instead.
 *
 * <p>The figure to read is {@code measurements}. The measurements of a batch are made before its
 * time begins, since making them costs about as much as storing them; a batch takes long enough
 * that timing each costs nothing. Every iteration begins with an empty file.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgs = {"-Xms1g", "-Xmx1g"})
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public class InsertThroughput {

  /** What is inserted next, and where. */
  @State(Scope.Thread)
  public abstract static class Input {

    /** How many measurements are inserted in one transaction. */
    @Param({"100", "1000", "10000", "15000", "50000"})
    int batch;

    /** Over how many series they are spread. */
    @Param({"1", "96"})
    int series;

    /** The database file, which must not be there; empty for a temporary one. */
    @Param("")
    String database;

    ScratchFile file;
    Workload workload;
    List<LatencyMeasurement> measurements;
    long inserted;

    /** Finds a place for the database. */
    @Setup(Level.Trial)
    public void findPlace() throws IOException {
      file = ScratchFile.named(database);
    }

    /** Begins the workload anew, as the database does. */
    @Setup(Level.Iteration)
    public void begin() {
      workload = new Workload(series);
      inserted = 0;
    }

    /** Makes the next batch. */
    @Setup(Level.Invocation)
    public void next() {
      measurements = workload.next(batch);
    }

    /** Leaves nothing behind. */
    @TearDown(Level.Trial)
    public void tidyUp() throws IOException {
      file.close();
    }
  }

  /** Measurements inserted, shown as a rate. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Rate {
    /** Measurements a second. */
    public long measurements;
  }

  /** What is in the closed file after each iteration; JMH adds the iterations up. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Stored {
    /** Measurements that were inserted and are not there. */
    public long failures;

    /** Measurements that are there. */
    public long stored;

    /** The size of the file. */
    public long fileBytes;

    void add(long inserted, long found, ScratchFile file) throws IOException {
      add(inserted, found, file.sizeBytes());
      file.delete();
    }

    void add(long inserted, long found, long bytes) {
      failures += inserted - found;
      stored += found;
      fileBytes += bytes;
    }
  }

  /** The store. */
  @State(Scope.Thread)
  public static class Stores extends Input {
    /** How measurements lie in its tables. */
    @Param({"BLOCKS", "ROWS"})
    StoreLayout layout;

    /**
     * A PostgreSQL server to append to instead, on which databases may be created; empty for the
     * file.
     */
    @Param("")
    String url;

    private @Nullable PostgresServer server;
    private String target;
    private LatencyStore store;

    /** Opens an empty store. */
    @Setup(Level.Iteration)
    public void open() {
      server = url.isEmpty() ? null : PostgresServer.at(url);
      target = server == null ? file.url() : server.newDatabase();
      store = LatencyStore.builder(target).layout(layout).appendBatch(batch).open();
    }

    /** Closes it, and looks at what it holds. */
    @TearDown(Level.Iteration)
    public void close(Stored stored) throws IOException {
      long found = store.summarize(LatencyQuery.all().withoutPercentiles()).count();
      long bytes = store.check().sizeBytes();
      store.close();
      if (server == null) {
        stored.add(inserted, found, file);
      } else {
        stored.add(inserted, found, bytes);
        server.dropDatabase(target);
      }
    }
  }

  /** The obvious table. */
  @State(Scope.Thread)
  public static class Rows extends Input {
    private ObviousTable table;

    /** Opens an empty table. */
    @Setup(Level.Iteration)
    public void open() throws SQLException {
      table = ObviousTable.create(file.path());
    }

    /** Closes it, and looks at what it holds. */
    @TearDown(Level.Iteration)
    public void close(Stored stored) throws IOException, SQLException {
      long found = table.count();
      table.close();
      stored.add(inserted, found, file);
    }
  }

  /** Appends a batch to the store. */
  @Benchmark
  public long append(Stores stores, Rate rate) {
    long committed = stores.store.append(stores.measurements);
    stores.inserted += stores.batch;
    rate.measurements += committed;
    return committed;
  }

  /** Inserts a batch into the obvious table. */
  @Benchmark
  public long plainJdbc(Rows rows, Rate rate) throws SQLException {
    long committed = rows.table.insert(rows.measurements);
    rows.inserted += rows.batch;
    rate.measurements += committed;
    return committed;
  }
}
