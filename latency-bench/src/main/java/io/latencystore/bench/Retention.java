package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyStore;
import io.latencystore.RetentionReport;
import io.latencystore.StoreLayout;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.testkit.PostgresServer;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes to be rid of the older half of what is stored: of the store by its retention,
 * which gives the space back too; of tables of one row each by {@code DELETE}, which does not.
 * {@link Figures} says what it does to those who write or record meanwhile, and to the size.
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

  /** A store on a SQLite file. */
  public abstract static class SqliteStore extends FullStore {

    private final StoreLayout layout;
    private ScratchFile file;

    SqliteStore(StoreLayout layout) {
      this.layout = layout;
    }

    @Override
    void open() throws IOException {
      file = ScratchFile.temporary();
      open(
          LatencyStore.builder(file.url())
              .layout(layout)
              .batch(BatchPolicy.within(Duration.ofMillis(50))));
    }

    @Override
    long bytes() throws IOException {
      return file.sizeWithLog();
    }

    @Override
    void tidyUp() throws SQLException, IOException {
      file.checkpoint();
      Figures.size("bytesCheckpointed", bytes());
    }

    @Override
    void close() throws IOException {
      store().close();
      file.close();
    }
  }

  /** A store on a SQLite file into which another thread records. */
  public abstract static class RecordedSqliteStore extends SqliteStore {

    private PacedRecorder recorder;
    private PacedRecorder.Calls meanwhile;
    private long begunNanos;

    RecordedSqliteStore(StoreLayout layout) {
      super(layout);
    }

    @Override
    void begin() throws InterruptedException {
      super.begin();
      recorder = PacedRecorder.start(store());
      meanwhile = recorder.begin();
      begunNanos = System.nanoTime();
    }

    /** Lets it record as long as before, which shows what the machine does to it by itself. */
    @Override
    void end() throws IOException, InterruptedException {
      PacedRecorder.Calls idle = recorder.begin();
      recorder.endAfter(System.nanoTime() - begunNanos);
      meanwhile.note("");
      idle.note("Idle");
      super.end();
    }
  }

  /** Blocks on SQLite. */
  @State(Scope.Thread)
  public static class SqliteBlocks extends SqliteStore {
    /** The usual layout. */
    public SqliteBlocks() {
      super(StoreLayout.BLOCKS);
    }
  }

  /** Blocks on SQLite, and a thread that records. */
  @State(Scope.Thread)
  public static class RecordedSqliteBlocks extends RecordedSqliteStore {
    /** The usual layout. */
    public RecordedSqliteBlocks() {
      super(StoreLayout.BLOCKS);
    }
  }

  /** Rows on SQLite. */
  @State(Scope.Thread)
  public static class SqliteRows extends SqliteStore {
    /** The other layout. */
    public SqliteRows() {
      super(StoreLayout.ROWS);
    }
  }

  /** Rows on SQLite, and a thread that records. */
  @State(Scope.Thread)
  public static class RecordedSqliteRows extends RecordedSqliteStore {
    /** The other layout. */
    public RecordedSqliteRows() {
      super(StoreLayout.ROWS);
    }
  }

  /** The obvious table on SQLite. */
  @State(Scope.Thread)
  public static class SqliteTable extends Full {

    /** How many rows a {@code DELETE} takes; 0 for all. */
    @Param({"0", "10000"})
    int atOnce;

    private ScratchFile file;
    private ObviousTable table;
    private long longestWriteNanos;

    @Override
    void open() throws SQLException, IOException {
      file = ScratchFile.temporary();
      table = ObviousTable.create(file.path());
      longestWriteNanos = 0;
    }

    @Override
    void insert(List<LatencyMeasurement> batch) throws SQLException {
      table.insert(batch);
    }

    @Override
    long bytes() throws IOException {
      return file.sizeWithLog();
    }

    /** Deletes the older half, in one transaction or in several. */
    long delete() throws SQLException {
      long deleted = 0;
      long rows;
      do {
        long begun = System.nanoTime();
        rows =
            atOnce == 0
                ? table.deleteBefore(CUTOFF_MICROS)
                : table.deleteBefore(CUTOFF_MICROS, atOnce);
        longestWriteNanos = Math.max(longestWriteNanos, System.nanoTime() - begun);
        deleted += rows;
      } while (rows > 0 && atOnce > 0);
      return deleted;
    }

    @Override
    void end() {
      Figures.longest("longestWrite", longestWriteNanos);
    }

    @Override
    long count() throws SQLException {
      return table.count();
    }

    @Override
    void tidyUp() throws SQLException, IOException {
      file.checkpoint();
      Figures.size("bytesCheckpointed", bytes());
      long begun = System.nanoTime();
      table.vacuum();
      Figures.took("vacuum", System.nanoTime() - begun);
      file.checkpoint();
      Figures.size("bytesVacuumed", bytes());
    }

    @Override
    void close() throws SQLException, IOException {
      table.close();
      file.close();
    }
  }

  /** A store on PostgreSQL. */
  @State(Scope.Thread)
  public static class PostgresStore extends FullStore {

    /** How measurements lie in its tables. */
    @Param({"BLOCKS", "ROWS"})
    StoreLayout layout;

    private String database;

    @Override
    void open() {
      database = PostgresServer.shared().newDatabase();
      open(LatencyStore.builder(database).layout(layout));
    }

    @Override
    long bytes() {
      return store().check().sizeBytes();
    }

    @Override
    void close() {
      store().close();
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
    long bytes() throws SQLException {
      return table.sizeBytes();
    }

    @Override
    long count() throws SQLException {
      return table.count();
    }

    @Override
    void tidyUp() throws SQLException {
      long begun = System.nanoTime();
      table.vacuum();
      Figures.took("vacuum", System.nanoTime() - begun);
      Figures.size("bytesVacuumed", bytes());
    }

    @Override
    void close() throws SQLException {
      table.close();
      PostgresServer.shared().dropDatabase(database);
    }
  }

  /** Retention of blocks on SQLite. */
  @Benchmark
  public RetentionReport blocks(SqliteBlocks store) {
    return store.retain();
  }

  /** The same while another thread records. */
  @Benchmark
  public RetentionReport blocksWhileRecording(RecordedSqliteBlocks store) {
    return store.retain();
  }

  /** Retention of rows on SQLite. */
  @Benchmark
  public RetentionReport rows(SqliteRows store) {
    return store.retain();
  }

  /** The same while another thread records. */
  @Benchmark
  public RetentionReport rowsWhileRecording(RecordedSqliteRows store) {
    return store.retain();
  }

  /** {@code DELETE} from the obvious table on SQLite. */
  @Benchmark
  public long obviousTable(SqliteTable table) throws SQLException {
    return table.delete();
  }

  /** Retention on PostgreSQL, which drops a partition. */
  @Benchmark
  public RetentionReport postgres(PostgresStore store) {
    return store.retain();
  }

  /** {@code DELETE} from a table on PostgreSQL. */
  @Benchmark
  public long postgresTable(PostgresTable table) throws SQLException {
    return table.table.deleteBefore(Full.CUTOFF_MICROS);
  }
}
