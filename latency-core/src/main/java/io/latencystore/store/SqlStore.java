package io.latencystore.store;

import io.latencystore.DropReason;
import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Maintenance;
import io.latencystore.Series;
import io.latencystore.StoreCheck;
import io.latencystore.StoreException;
import io.latencystore.StoreOptions;
import io.latencystore.StoreState;
import io.latencystore.StoreStats;
import io.latencystore.StoreUnavailableException;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import io.latencystore.layout.Cutoffs;
import io.latencystore.layout.DatabaseAccess;
import io.latencystore.layout.Startup;
import io.latencystore.layout.UnexpiredSource;
import io.latencystore.query.Aggregation;
import io.latencystore.query.LastMeasurements;
import io.latencystore.query.Source;
import io.latencystore.query.TimeOrderedPages;
import io.latencystore.spool.Spool;
import io.latencystore.spool.SpoolDirectory;
import io.latencystore.sql.Database;
import io.latencystore.sql.Failure;
import io.latencystore.sql.Migrations;
import io.latencystore.sql.Session;
import io.latencystore.sql.StateWatch;
import io.latencystore.sql.Strays;
import io.latencystore.sql.Waiting;
import io.latencystore.upkeep.StoreMaintenance;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store on a SQL database: puts recording, layout, queries and connections together. */
final class SqlStore implements LatencyStore {

  private static final Duration UPKEEP_ENDS = Duration.ofSeconds(1);
  private static final Duration UNREGISTERING = Duration.ofSeconds(1);

  private final Database database;
  private final StoreOptions options;
  private final Startup startup;
  private final StateWatch watch;
  private final Spool spool;
  private final Recording recording;
  private final SpoolWriter writer;
  private final StoreMaintenance maintenance;
  private final Appending appending;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch closeEnded = new CountDownLatch(1);

  private SqlStore(Database database, StoreOptions options, Startup startup) {
    this.database = database;
    this.options = options;
    this.startup = startup;
    this.watch = new StateWatch(options.listener(), database.location());
    Path root = database.spoolDirectory();
    SpoolDirectory directory = root == null ? null : new SpoolDirectory(root, database.location());
    this.spool = spool(directory, options);
    this.recording = new Recording(spool, options.clock(), options.overflowSeries(), watch);
    DatabaseAccess access = this::whileOpen;
    this.appending = new Appending(database, options, recording.dropped(), watch, access);
    this.maintenance = new StoreMaintenance(database, options, startup, watch, access);
    // Last, since it begins to open the database: what this needs is loaded sooner alone.
    this.writer = new SpoolWriter(spool, directory, startup, database, options, watch);
  }

  private static Spool spool(@Nullable SpoolDirectory directory, StoreOptions options) {
    long producer = Spool.newProducer();
    if (directory == null) {
      return new Spool(producer, null, options.spool());
    }
    SpoolDirectory.Place place = null;
    try {
      place = directory.create(producer);
      return new Spool(producer, place, options.spool());
    } catch (IOException e) {
      throw new StoreUnavailableException(
          directory.root()
              + ": the spool cannot be created ("
              + e
              + "); give this user the right to write there",
          e);
    } catch (StoreException e) {
      removeAfter(e, place);
      throw e;
    }
  }

  private static void removeAfter(StoreException failure, SpoolDirectory.@Nullable Place place) {
    try {
      if (place != null) {
        place.remove(() -> true);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Opens a store on a database, bringing its schema up to this version. */
  static SqlStore open(Database database, StoreOptions options) {
    return Waiting.undisturbed(() -> openUndisturbed(database, options));
  }

  private static SqlStore openUndisturbed(Database database, StoreOptions options) {
    Startup startup = new Startup(database, options.layout());
    try {
      if (!options.startInBackground()) {
        startup.attemptUnlessAway();
      }
      return new SqlStore(database, options, startup);
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
    return appending.append(measurements);
  }

  @Override
  public FlushResult flush(Duration timeout) {
    checkOpen();
    return writer.flush(timeout);
  }

  @Override
  public CompletableFuture<FlushResult> flushAsync() {
    checkOpen();
    return CompletableFuture.supplyAsync(this::flush, SqlStore::inAThreadOfItsOwn);
  }

  /** The host's common pool is not there for waiting. */
  private static void inAThreadOfItsOwn(Runnable work) {
    Thread thread = new Thread(work, "latency-flush");
    thread.setDaemon(true);
    thread.start();
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
    TimeOrderedPages pages = new TimeOrderedPages(query.at(options.clock().instant()));
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
    LatencyQuery resolved = query.at(options.clock().instant());
    return read(source -> question.answer(source, resolved));
  }

  /**
   * Reads the database in one snapshot, and behind it what that does not hold yet of what was
   * recorded here.
   */
  private <T> T read(Function<Source, T> reading) {
    return onDatabase(
        opened -> {
          try (Spool.Pin pin = spool.pin()) {
            return opened.connections().read(session -> read(reading, opened, session, pin));
          }
        });
  }

  private <T> T read(
      Function<Source, T> reading, Startup.Opened opened, Session session, Spool.Pin pin)
      throws SQLException {
    Cutoffs cutoffs = opened.selectCutoffs().run(session);
    Source stored = opened.layout().source(session);
    long from = Math.max(pin.from(), Producer.storedPosition(session, spool.producer()));
    Source whole = from < pin.to() ? new TailSource(stored, spool, from, pin.to()) : stored;
    return reading.apply(cutoffs.isNone() ? whole : new UnexpiredSource(whole, cutoffs));
  }

  /** Does something with the database; once more if another one was found in its place. */
  private <T> T onDatabase(Function<Startup.Opened, T> work) {
    Startup.Opened opened = startup.await();
    try {
      return work.apply(opened);
    } catch (StoreException e) {
      if (Failure.of(database, e) != Failure.REPLACED) {
        throw e;
      }
      return work.apply(startup.again(opened));
    }
  }

  @Override
  public StoreStats stats() {
    Delivered adopted = writer.adoption().delivered();
    return new StoreStats(
        watch.state(),
        recording.recorded(),
        appending.taken(),
        adopted.total(),
        writer.delivered().committed().sum() + appending.committed() + adopted.committed().sum(),
        pending(),
        dropped(),
        recording.rejected(),
        maintenance.stats());
  }

  /** After a close that left something in memory, that is counted as dropped. */
  private long pending() {
    return watch.state() == StoreState.CLOSED && !spool.survivesProcess() ? 0 : writer.pending();
  }

  private Map<DropReason, Long> dropped() {
    Delivered recorded = writer.delivered();
    Delivered adopted = writer.adoption().delivered();
    Map<DropReason, Long> dropped = recording.dropped().byReason();
    dropped.merge(
        DropReason.REFUSED, recorded.refused().sum() + adopted.refused().sum(), Long::sum);
    dropped.merge(
        DropReason.EXPIRED, recorded.expired().sum() + adopted.expired().sum(), Long::sum);
    dropped.values().removeIf(count -> count == 0);
    return dropped;
  }

  @Override
  public StoreCheck check() {
    checkOpen();
    return onDatabase(opened -> opened.connections().read(session -> check(opened, session)));
  }

  private StoreCheck check(Startup.Opened opened, Session session) throws SQLException {
    long start = System.nanoTime();
    Strays strays = database.strays();
    String version = new Migrations(database).version(session.connection());
    return new StoreCheck(
        database.location(),
        database.version(session.connection()),
        version == null ? "none" : version,
        Migrations.storeId(session),
        Migrations.layout(session),
        database.sizeBytes(session.connection()),
        Cutoffs.instant(opened.selectCutoffs().run(session).all()),
        strays == null ? 0 : strays.count(session.connection()),
        Duration.ofNanos(System.nanoTime() - start));
  }

  @Override
  public Maintenance maintenance() {
    checkOpen();
    return maintenance;
  }

  private <T> T whileOpen(Function<Startup.Opened, T> work) {
    checkOpen();
    return onDatabase(work);
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the store on " + database.location() + " is closed");
    }
  }

  @Override
  public void close(Duration timeout) {
    if (closed.compareAndSet(false, true)) {
      Waiting.undisturbed(
          () -> {
            closeUndisturbed(timeout);
            return true;
          });
    } else {
      Waiting.await(timeout, nanos -> closeEnded.await(nanos, TimeUnit.NANOSECONDS));
    }
  }

  private void closeUndisturbed(Duration timeout) {
    long begun = System.nanoTime();
    try {
      maintenance.end();
      spool.seal();
      boolean done = writer.close(timeout);
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      maintenance.awaitEnd(UPKEEP_ENDS.minus(took));
      boolean answers = done && watch.state() == StoreState.HEALTHY;
      finishSpool(timeout, () -> answers && isSoonDone(writer::unregister));
      if (answers) {
        isSoonDone(appending::unregister);
      }
    } finally {
      watch.change(StoreState.CLOSED, null);
      try {
        database.close();
      } finally {
        closeEnded.countDown();
      }
    }
  }

  /** Removes the spool if all of it is stored; else leaves it for the next who opens the store. */
  private void finishSpool(Duration timeout, BooleanSupplier forgotten) {
    long left = writer.pending();
    try {
      if (left > 0 && spool.survivesProcess()) {
        spool.sync();
      }
    } catch (IOException e) {
      throw new StoreUnavailableException(
          database.location() + ": the spool could not be synced (" + e + ")", e);
    } finally {
      Waiting.apart("latency-close", Waiting.FOR_EVER, () -> spool.close(forgotten));
    }
    if (left > 0 && spool.survivesProcess()) {
      watch.report(
          "closed with " + left + " measurements in the spool, which the next open will store");
    } else if (left > 0) {
      recording.dropped().add(DropReason.LOST_AT_CLOSE, left);
      throw new StoreUnavailableException(
          database.location()
              + ": "
              + left
              + " measurements could not be stored within "
              + timeout
              + " and are lost",
          watch.cause());
    }
  }

  /**
   * Does something that does no harm if it is left undone, and waits for it only for a while: a
   * database that has answered until now need not answer any more, or may wait for somebody else.
   */
  private static boolean isSoonDone(BooleanSupplier work) {
    AtomicBoolean done = new AtomicBoolean();
    Waiting.apart("latency-close", UNREGISTERING, () -> done.set(work.getAsBoolean()));
    return done.get();
  }
}
