package io.latencystore.sql;

import io.latencystore.AppendException;
import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.StoreCheck;
import io.latencystore.StoreOptions;
import io.latencystore.StoreStats;
import io.latencystore.StoreUnavailableException;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.query.Aggregation;
import io.latencystore.query.LastMeasurements;
import io.latencystore.query.Source;
import io.latencystore.query.TimeOrderedPages;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;

/** A store on a SQL database: puts recording, layout, queries and connections together. */
final class SqlStore implements LatencyStore {

  private static final Duration BEFORE_A_QUESTION = Duration.ofSeconds(10);

  private final Database database;
  private final Connections connections;
  private final Layout layout;
  private final Clock clock;
  private final int appendBatch;
  private final Recording recording;
  private final Producer appending;
  private final LongAdder appended = new LongAdder();
  private final LongAdder appendedAndCommitted = new LongAdder();
  private final LongAdder appendedAndDropped = new LongAdder();
  private final AtomicBoolean closed = new AtomicBoolean();

  private SqlStore(Database database, StoreOptions options) {
    this.database = database;
    this.clock = options.clock();
    this.appendBatch = options.appendBatch();
    this.connections = database.connections();
    this.layout = new BlockLayout(database);
    this.appending = new Producer(connections, layout, clock);
    this.recording =
        new Recording(new Producer(connections, layout, clock), clock, database.location());
  }

  /** Opens a store on a database, bringing its schema up to this version. */
  static SqlStore open(Database database, StoreOptions options) {
    try {
      new Migrations(database).bringUp();
      return new SqlStore(database, options);
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  @Override
  public LatencyRecorder recorder(String component, String command) {
    checkOpen();
    return recording.recorder(new Series(component, command));
  }

  @Override
  public void record(LatencyMeasurement measurement) {
    recording.record(measurement);
  }

  @Override
  public long append(Iterator<LatencyMeasurement> measurements) {
    checkOpen();
    long committed = 0;
    MeasurementBatch batch = new MeasurementBatch();
    try {
      while (measurements.hasNext()) {
        LatencyMeasurement next = measurements.next();
        batch.add(
            next.component(),
            next.command(),
            next.timestampMicros(),
            next.latencyMicros(),
            next.success(),
            next.metadata());
        if (batch.size() == appendBatch || !measurements.hasNext()) {
          committed += store(batch);
          batch.clear();
        }
      }
    } catch (RuntimeException e) {
      if (committed == 0 && !(e instanceof io.latencystore.StoreException)) {
        throw e;
      }
      throw new AppendException(committed, e);
    }
    return committed;
  }

  private int store(MeasurementBatch batch) {
    int size = batch.size();
    appended.add(size);
    boolean stored = false;
    try {
      synchronized (appending) {
        try {
          appending.store(batch);
        } catch (RuntimeException | Error e) {
          appending.giveUpBatch();
          throw e;
        }
      }
      stored = true;
      return size;
    } finally {
      (stored ? appendedAndCommitted : appendedAndDropped).add(size);
    }
  }

  @Override
  public FlushResult flush(Duration timeout) {
    checkOpen();
    return recording.flush(timeout);
  }

  @Override
  public CompletableFuture<FlushResult> flushAsync() {
    checkOpen();
    return CompletableFuture.supplyAsync(this::flush);
  }

  @Override
  public LatencySummary summarize(LatencyQuery query) {
    return ask(query, (source, resolved) -> Aggregation.summarize(source, resolved));
  }

  @Override
  public SortedMap<Series, LatencySummary> summarizeBySeries(LatencyQuery query) {
    return ask(query, (source, resolved) -> Aggregation.summarizeBySeries(source, resolved));
  }

  @Override
  public SortedMap<String, LatencySummary> summarizeByComponent(LatencyQuery query) {
    return ask(query, (source, resolved) -> Aggregation.summarizeByComponent(source, resolved));
  }

  @Override
  public List<TimeBucket> timeSeries(LatencyQuery query, TimeBuckets buckets) {
    return ask(query, (source, resolved) -> Aggregation.timeSeries(source, resolved, buckets));
  }

  @Override
  public List<LatencyMeasurement> last(LatencyQuery query, int n) {
    if (n < 0) {
      throw new IllegalArgumentException("last " + n + ": the number is negative");
    }
    return ask(query, (source, resolved) -> LastMeasurements.find(source, resolved, n));
  }

  @Override
  public Stream<LatencyMeasurement> stream(LatencyQuery query) {
    checkOpen();
    flushBeforeQuestion();
    TimeOrderedPages pages = new TimeOrderedPages(query.at(clock.instant()));
    return Stream.generate(() -> read(pages::next))
        .takeWhile(page -> !page.isEmpty())
        .flatMap(List::stream);
  }

  @Override
  public List<Series> series() {
    return ask(
        LatencyQuery.all(),
        (source, resolved) -> {
          Map<Long, Series> series = source.series(Set.of(), Set.of());
          return series.values().stream().sorted().toList();
        });
  }

  /** What answers a question from one snapshot. */
  private interface Question<T> {
    T answer(Source source, LatencyQuery query);
  }

  private <T> T ask(LatencyQuery query, Question<T> question) {
    checkOpen();
    flushBeforeQuestion();
    LatencyQuery resolved = query.at(clock.instant());
    return read(source -> question.answer(source, resolved));
  }

  private void flushBeforeQuestion() {
    if (recording.pending() > 0) {
      recording.flush(BEFORE_A_QUESTION);
    }
  }

  private <T> T read(Function<Source, T> reading) {
    return connections.read(session -> reading.apply(layout.source(session)));
  }

  @Override
  public StoreStats stats() {
    return new StoreStats(
        recording.state(),
        recording.recorded(),
        appended.sum(),
        recording.committed() + appendedAndCommitted.sum(),
        recording.pending(),
        recording.dropped() + appendedAndDropped.sum(),
        recording.rejected());
  }

  @Override
  public StoreCheck check() {
    checkOpen();
    long start = System.nanoTime();
    return connections.read(
        session -> {
          String version = new Migrations(database).version(session.connection());
          return new StoreCheck(
              database.location(),
              database.version(session.connection()),
              version == null ? "none" : version,
              Migrations.storeId(session),
              Migrations.layout(session),
              database.sizeBytes(session.connection()),
              Duration.ofNanos(System.nanoTime() - start));
        });
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the store on " + database.location() + " is closed");
    }
  }

  @Override
  public void close(Duration timeout) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long lost;
    try {
      lost = recording.close(timeout);
      unregister();
    } finally {
      connections.close();
      database.close();
    }
    if (lost > 0) {
      throw new StoreUnavailableException(
          database.location()
              + ": "
              + lost
              + " measurements could not be stored within "
              + timeout
              + " and are lost",
          null);
    }
  }

  private void unregister() {
    synchronized (appending) {
      appending.unregister();
    }
    recording.unregister();
  }
}
