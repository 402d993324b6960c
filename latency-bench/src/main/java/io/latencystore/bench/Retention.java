package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.MaintenanceStep;
import io.latencystore.Micros;
import io.latencystore.RetentionReport;
import io.latencystore.Series;
import io.latencystore.StoreLayout;
import io.latencystore.StoreListener;
import io.latencystore.policy.Expiry;
import io.latencystore.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
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
 * How long it takes to be rid of the older half of what is stored: of the store by its retention,
 * which gives the space back too; of tables of one row each by {@code DELETE}, which does not.
 *
 * <p>Each iteration begins with everything there. The older half lies forty days before the other,
 * so that on PostgreSQL it has a partition of its own.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
@Fork(
    value = 3,
    jvmArgs = {"-Xms1g", "-Xmx1g"})
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public class Retention {

  private static final long SHIFT_MICROS = TimeUnit.DAYS.toMicros(40);
  private static final int BATCH = 65_536;

  /** Where something is to be deleted. */
  @State(Scope.Thread)
  public abstract static class Full {

    /** How many measurements there are. */
    @Param("10000000")
    int measurements;

    long longestStepNanos;
    long longestRecordNanos;
    private long bytesBefore;

    /** Stores everything. */
    @Setup(Level.Iteration)
    public void fill() throws SQLException, IOException {
      open();
      Workload workload = new Workload(Workload.MAX_SERIES);
      int older = measurements / 2;
      for (int stored = 0; stored < measurements; ) {
        boolean old = stored < older;
        List<LatencyMeasurement> batch =
            workload.next(Math.min(BATCH, (old ? older : measurements) - stored));
        insert(old ? batch.stream().map(Full::earlier).toList() : batch);
        stored += batch.size();
      }
      bytesBefore = sizeBytes();
      longestStepNanos = 0;
      longestRecordNanos = 0;
    }

    private static LatencyMeasurement earlier(LatencyMeasurement measurement) {
      return LatencyMeasurement.ofMicros(
          measurement.timestampMicros() - SHIFT_MICROS,
          measurement.latencyMicros(),
          measurement.component(),
          measurement.command(),
          measurement.success(),
          null);
    }

    /** Looks at what is left, and removes it. */
    @TearDown(Level.Iteration)
    public void end(Figures figures) throws SQLException, IOException {
      figures.bytesBefore = bytesBefore;
      figures.bytesAfter = sizeBytes();
      figures.longestStep = longestStepNanos / 1_000;
      figures.longestRecord = longestRecordNanos / 1_000;
      figures.failures = count() - (measurements - measurements / 2);
      close();
    }

    abstract void open() throws SQLException, IOException;

    abstract void insert(List<LatencyMeasurement> batch) throws SQLException, IOException;

    abstract long count() throws SQLException;

    abstract long sizeBytes() throws SQLException, IOException;

    abstract void close() throws SQLException, IOException;
  }

  /** What else there is to know of an iteration. JMH adds the iterations up. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Figures {
    /** How large the file or the tables are with everything. */
    public long bytesBefore;

    /** How large they are afterwards. */
    public long bytesAfter;

    /** How many measurements too many are left. */
    public long failures;

    /** How long the longest step took, in microseconds. */
    public long longestStep;

    /** How long the longest call that records took meanwhile, in microseconds. */
    public long longestRecord;
  }

  /** A store. */
  public abstract static class Stores extends Full implements StoreListener {

    LatencyStore store;

    @Override
    public void maintained(MaintenanceStep step) {
      longestStepNanos = Math.max(longestStepNanos, step.took().toNanos());
    }

    @Override
    void insert(List<LatencyMeasurement> batch) {
      store.append(batch);
    }

    @Override
    long count() {
      return store
          .summarize(
              LatencyQuery.all()
                  .window(null, Micros.toInstant(Workload.BEGIN_MICROS * 2))
                  .withoutPercentiles())
          .count();
    }

    RetentionReport retain() {
      return store
          .maintenance()
          .applyRetention(stored -> Expiry.before(Micros.toInstant(Workload.BEGIN_MICROS)));
    }
  }

  /** A store on a SQLite file. */
  public abstract static class SqliteStores extends Stores {

    private final StoreLayout layout;
    private ScratchFile file;

    SqliteStores(StoreLayout layout) {
      this.layout = layout;
    }

    @Override
    void open() throws IOException {
      file = ScratchFile.temporary();
      store =
          LatencyStore.builder(file.url()).layout(layout).appendBatch(BATCH).listener(this).open();
    }

    @Override
    long sizeBytes() throws IOException {
      return Files.size(file.path());
    }

    @Override
    void close() throws IOException {
      store.close();
      file.close();
    }
  }

  /** Blocks on SQLite. */
  @State(Scope.Thread)
  public static class SqliteBlocks extends SqliteStores {
    /** The usual layout. */
    public SqliteBlocks() {
      super(StoreLayout.BLOCKS);
    }
  }

  /** Rows on SQLite. */
  @State(Scope.Thread)
  public static class SqliteRows extends SqliteStores {
    /** The other layout. */
    public SqliteRows() {
      super(StoreLayout.ROWS);
    }
  }

  /** The obvious table on SQLite. */
  @State(Scope.Thread)
  public static class SqliteTable extends Full {

    private ScratchFile file;
    private ObviousTable table;

    @Override
    void open() throws SQLException, IOException {
      file = ScratchFile.temporary();
      table = ObviousTable.create(file.path());
    }

    @Override
    void insert(List<LatencyMeasurement> batch) throws SQLException {
      table.insert(batch);
    }

    @Override
    long count() throws SQLException {
      return table.count();
    }

    @Override
    long sizeBytes() throws IOException {
      return file.sizeBytes();
    }

    @Override
    void close() throws SQLException, IOException {
      table.close();
      file.close();
    }
  }

  /** A store on PostgreSQL. */
  @State(Scope.Thread)
  public static class PostgresStores extends Stores {

    /** How measurements lie in its tables. */
    @Param({"BLOCKS", "ROWS"})
    StoreLayout layout;

    private String database;

    @Override
    void open() {
      database = PostgresServer.shared().newDatabase();
      store =
          LatencyStore.builder(database).layout(layout).appendBatch(BATCH).listener(this).open();
    }

    @Override
    long sizeBytes() {
      return store.check().sizeBytes();
    }

    @Override
    void close() {
      store.close();
      PostgresServer.shared().dropDatabase(database);
    }
  }

  /** A table of rows on PostgreSQL. */
  @State(Scope.Thread)
  public static class PostgresTable extends Full {

    /** What the table looks like. */
    @Param({"OBVIOUS", "STORE"})
    String shape;

    private String database;
    private PostgresRows table;

    @Override
    void open() throws SQLException {
      database = PostgresServer.shared().newDatabase();
      table = PostgresRows.create(PostgresRows.Shape.valueOf(shape), database, false);
    }

    @Override
    void insert(List<LatencyMeasurement> batch) throws SQLException, IOException {
      table.copyBinary(batch);
    }

    @Override
    long count() throws SQLException {
      return table.count();
    }

    @Override
    long sizeBytes() throws SQLException {
      return table.sizeBytes();
    }

    @Override
    void close() throws SQLException {
      table.close();
      PostgresServer.shared().dropDatabase(database);
    }
  }

  /** Retention of blocks on SQLite. */
  @Benchmark
  public RetentionReport blocks(SqliteBlocks stores) {
    return stores.retain();
  }

  /** The same while another thread records twenty thousand measurements a second. */
  @Benchmark
  public RetentionReport blocksWhileRecording(SqliteBlocks stores) throws InterruptedException {
    Recorder recorder = new Recorder(stores.store);
    recorder.start();
    try {
      return stores.retain();
    } finally {
      recorder.end();
      stores.longestRecordNanos = recorder.longestNanos;
    }
  }

  /** Retention of rows on SQLite. */
  @Benchmark
  public RetentionReport rows(SqliteRows stores) {
    return stores.retain();
  }

  /** {@code DELETE} from the obvious table on SQLite. */
  @Benchmark
  public long obviousTable(SqliteTable table) throws SQLException {
    return table.table.deleteBefore(Workload.BEGIN_MICROS);
  }

  /** Retention on PostgreSQL, which drops a partition. */
  @Benchmark
  public RetentionReport postgres(PostgresStores stores) {
    return stores.retain();
  }

  /** {@code DELETE} from a table on PostgreSQL. */
  @Benchmark
  public long postgresTable(PostgresTable table) throws SQLException {
    return table.table.deleteBefore(Workload.BEGIN_MICROS);
  }

  /** Records at a steady rate, and remembers the slowest call; of times that nobody asks for. */
  private static final class Recorder extends Thread {

    private static final long PACE_NANOS = 50_000;

    private final LatencyRecorder recorder;
    private volatile boolean ended;
    private volatile long longestNanos;

    Recorder(LatencyStore store) {
      super("recorder");
      Series series = Workload.series(0);
      recorder = store.recorder(series.component(), series.command());
    }

    @Override
    public void run() {
      while (!ended) {
        long begun = System.nanoTime();
        recorder.record(Workload.BEGIN_MICROS * 2, 1);
        longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
        LockSupport.parkNanos(PACE_NANOS);
      }
    }

    void end() throws InterruptedException {
      ended = true;
      join();
    }
  }
}
