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
 * How many measurements a second one thread commits to a PostgreSQL server, one transaction a
 * batch: into the store, and into tables of one row each in every way there is.
 *
 * <p>The figure to read is {@code measurements}. The measurements of a batch are made before its
 * time begins. Every iteration begins with an empty database.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgs = {"-Xms1g", "-Xmx1g"})
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public class PostgresInsertThroughput {

  /** What is inserted next, and where. */
  @State(Scope.Thread)
  public abstract static class Input {

    /** How many measurements are inserted in one transaction. */
    @Param({"10000", "65536"})
    int batch;

    /** Over how many series they are spread. */
    @Param("96")
    int series;

    /**
     * A server on which databases may be created; empty for the one that LATENCY_TEST_POSTGRES_URL
     * names or, without that, one that is started.
     */
    @Param("")
    String url;

    PostgresServer server;
    String database;
    List<LatencyMeasurement> measurements;
    private Workload workload;
    private long inserted;

    /** Finds the server. */
    @Setup(Level.Trial)
    public void findServer() {
      server = url.isEmpty() ? PostgresServer.shared() : PostgresServer.at(url);
    }

    /** Begins the workload anew, on an empty database. */
    @Setup(Level.Iteration)
    public void begin() throws SQLException {
      database = server.newDatabase();
      workload = new Workload(series);
      inserted = 0;
      open();
    }

    /** Makes the next batch. */
    @Setup(Level.Invocation)
    public void next() {
      measurements = workload.next(batch);
    }

    /** Looks at what is there, and drops it. */
    @TearDown(Level.Iteration)
    public void end(Stored stored) throws SQLException {
      long found = closeAndCount();
      stored.failures += inserted - found;
      stored.stored += found;
      server.dropDatabase(database);
    }

    long committed(long count, Rate rate) {
      inserted += batch;
      rate.measurements += count;
      return count;
    }

    abstract void open() throws SQLException;

    abstract long closeAndCount() throws SQLException;
  }

  /** Measurements inserted, shown as a rate. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Rate {
    /** Measurements a second. */
    public long measurements;
  }

  /** What is in the database after each iteration; JMH adds the iterations up. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Stored {
    /** Measurements that were inserted and are not there. */
    public long failures;

    /** Measurements that are there. */
    public long stored;
  }

  /** The store. */
  @State(Scope.Thread)
  public static class Stores extends Input {
    /** How measurements lie in its tables. */
    @Param({"BLOCKS", "ROWS"})
    StoreLayout layout;

    private LatencyStore store;

    @Override
    void open() {
      store = LatencyStore.builder(database).layout(layout).appendBatch(batch).open();
    }

    @Override
    long closeAndCount() {
      long found = store.summarize(LatencyQuery.all().withoutPercentiles()).count();
      store.close();
      return found;
    }
  }

  /** A table of rows. */
  public abstract static class Rows extends Input {
    private final PostgresRows.Shape shape;
    private final boolean rewritten;
    PostgresRows table;

    Rows(PostgresRows.Shape shape, boolean rewritten) {
      this.shape = shape;
      this.rewritten = rewritten;
    }

    @Override
    void open() throws SQLException {
      table = PostgresRows.create(shape, database, rewritten);
    }

    @Override
    long closeAndCount() throws SQLException {
      long found = table.count();
      table.close();
      return found;
    }
  }

  /** The obvious table. */
  @State(Scope.Thread)
  public static class Obvious extends Rows {
    /** Batches as they are. */
    public Obvious() {
      super(PostgresRows.Shape.OBVIOUS, false);
    }
  }

  /** The obvious table, with batches that the driver makes one statement of. */
  @State(Scope.Thread)
  public static class Rewritten extends Rows {
    /** Rewritten batches. */
    public Rewritten() {
      super(PostgresRows.Shape.OBVIOUS, true);
    }
  }

  /** The leanest table. */
  @State(Scope.Thread)
  public static class Lean extends Rows {
    /** Nothing but a block range index. */
    public Lean() {
      super(PostgresRows.Shape.LEAN, false);
    }
  }

  /** A table like the store's own. */
  @State(Scope.Thread)
  public static class SameTable extends Rows {
    /** One index, on time and series, and a partition. */
    public SameTable() {
      super(PostgresRows.Shape.STORE, false);
    }
  }

  /** Appends a batch to the store. */
  @Benchmark
  public long append(Stores stores, Rate rate) {
    return stores.committed(stores.store.append(stores.measurements), rate);
  }

  /** Records a batch and waits until it is committed. */
  @Benchmark
  public long recordAndFlush(Stores stores, Rate rate) {
    for (LatencyMeasurement measurement : stores.measurements) {
      stores.store.record(measurement);
    }
    stores.store.flush();
    return stores.committed(stores.batch, rate);
  }

  /** A JDBC batch into the obvious table. */
  @Benchmark
  public long jdbcBatch(Obvious rows, Rate rate) throws SQLException {
    return rows.committed(rows.table.insert(rows.measurements), rate);
  }

  /** The same with reWriteBatchedInserts. */
  @Benchmark
  public long jdbcRewrittenBatch(Rewritten rows, Rate rate) throws SQLException {
    return rows.committed(rows.table.insert(rows.measurements), rate);
  }

  /** COPY of text into the obvious table. */
  @Benchmark
  public long copyText(Obvious rows, Rate rate) throws SQLException {
    return rows.committed(rows.table.copyText(rows.measurements), rate);
  }

  /** COPY of the binary form into the obvious table. */
  @Benchmark
  public long copyBinary(Obvious rows, Rate rate) throws SQLException, IOException {
    return rows.committed(rows.table.copyBinary(rows.measurements), rate);
  }

  /** COPY of the binary form into a table like the store's own. */
  @Benchmark
  public long copyBinarySameTable(SameTable rows, Rate rate) throws SQLException, IOException {
    return rows.committed(rows.table.copyBinary(rows.measurements), rate);
  }

  /** COPY of the binary form into the leanest table. */
  @Benchmark
  public long copyBinaryLean(Lean rows, Rate rate) throws SQLException, IOException {
    return rows.committed(rows.table.copyBinary(rows.measurements), rate);
  }
}
