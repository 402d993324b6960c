package io.latencystore;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Keeps latency measurements in a database and answers questions about them exactly.
 *
 * <pre>{@code
 * try (LatencyStore store = LatencyStore.open("sqlite:latency.db")) {
 *   LatencyRecorder completion = store.recorder("editor", "completion");
 *   completion.record(Duration.ofNanos(1_234_567));
 *
 *   LatencySummary day = store.summarize(LatencyQuery.last(Duration.ofDays(1)).component("editor"));
 *   day.percentile(99.9);
 * }
 * }</pre>
 *
 * <p>Every method is safe for use by any number of threads. A question sees everything this store
 * recorded before it was asked, and what other processes have flushed. A closed store throws {@link
 * IllegalStateException}.
 */
public interface LatencyStore extends AutoCloseable {

  /**
   * Opens a store with every option at its default; creates the database if there is none, and
   * brings its schema up to this version.
   *
   * @param url for instance {@code sqlite:latency.db}, {@code sqlite:///var/lib/tool/latency.db},
   *     {@code sqlite::memory:} or {@code postgresql://ann:secret@db.example/metrics}
   * @throws IllegalArgumentException if no dialect on the class path knows the URL
   * @throws StoreUnavailableException if the database cannot be opened or written
   * @throws StoreIncompatibleException if it is somebody else's, a newer version's, or no database
   */
  static LatencyStore open(String url) {
    return builder(url).open();
  }

  /** A builder for a store at this URL. */
  static LatencyStoreBuilder builder(String url) {
    return new LatencyStoreBuilder(url);
  }

  /**
   * Opens the store that the environment names: {@code LATENCY_DATABASE_URL}, and optionally {@code
   * LATENCY_DATABASE_USER}, {@code LATENCY_DATABASE_PASSWORD} and one variable for each builder
   * option, for instance {@code LATENCY_READERS}; for retention {@code LATENCY_KEEP_FOR}, {@code
   * LATENCY_KEEP_NEWEST} and {@code LATENCY_KEEP_BYTES}, of which the strictest counts.
   *
   * @throws IllegalArgumentException if a variable is missing or its value is bad; the message
   *     names the variable
   */
  static LatencyStore fromEnv() {
    return LatencyStoreBuilder.fromEnv(System.getenv()).open();
  }

  /**
   * The recorder of a series; get it once and keep it.
   *
   * @throws InvalidMeasurementException if a name cannot be stored
   */
  LatencyRecorder recorder(String component, String command);

  /**
   * Records one measurement like a recorder would, for instance one with metadata. Never throws for
   * storage.
   */
  void record(LatencyMeasurement measurement);

  /**
   * Stores many measurements past the recording path, in transactions of bounded size. All of them
   * are committed when this returns, except those whose time had expired before they came: these
   * are counted as {@link DropReason#EXPIRED}.
   *
   * @return how many of them are stored
   * @throws AppendException if the load ended early; it says how many leading measurements are
   *     committed or had expired, and whether that is certain. Whatever the iterator throws goes on
   *     to the caller, as the cause of an {@code AppendException} once something is committed
   */
  long append(Iterator<LatencyMeasurement> measurements);

  /** See {@link #append(Iterator)}. */
  default long append(Iterable<LatencyMeasurement> measurements) {
    return append(measurements.iterator());
  }

  /** See {@link #append(Iterator)}; does not close the stream. */
  default long append(Stream<LatencyMeasurement> measurements) {
    return append(measurements.iterator());
  }

  /** {@link #flush(Duration)} with ten seconds. */
  default FlushResult flush() {
    return flush(Duration.ofSeconds(10));
  }

  /**
   * Waits until everything recorded before the call, by any thread, is safe: committed, or, when
   * the database fails or time runs out, synced in the spool. Of a database that has been failing
   * for a while one more attempt is awaited, and no longer than the time given.
   *
   * @return where it is
   * @throws StoreUnavailableException if it is neither, as without a spool directory
   */
  FlushResult flush(Duration timeout);

  /**
   * {@link #flush()} without waiting; the future fails with what {@code flush} would have thrown.
   */
  CompletableFuture<FlushResult> flushAsync();

  /** What all measurements of the query together amount to. */
  LatencySummary summarize(LatencyQuery query);

  /** The same by series; a series without a matching measurement has no entry. */
  SortedMap<Series, LatencySummary> summarizeBySeries(LatencyQuery query);

  /**
   * The same by component, in the order of code points; a component without a matching measurement
   * has no entry.
   */
  SortedMap<String, LatencySummary> summarizeByComponent(LatencyQuery query);

  /**
   * {@link #timeSeries(LatencyQuery, TimeBuckets)} with buckets of one width, aligned to the epoch.
   */
  default List<TimeBucket> timeSeries(LatencyQuery query, Duration bucket) {
    return timeSeries(query, TimeBuckets.of(bucket));
  }

  /**
   * One summary for each bucket of the window, empty ones included, in ascending order. Where the
   * query's window has no begin or end, the matching data's own is used; if nothing matches then,
   * there are no buckets.
   *
   * @throws IllegalArgumentException if there would be more than a million buckets; the message
   *     names the number
   */
  List<TimeBucket> timeSeries(LatencyQuery query, TimeBuckets buckets);

  /**
   * The last {@code n} measurements: timestamp descending, then component, command and latency
   * ascending, failures first, then metadata with none first; names and metadata by code point.
   *
   * @throws IllegalArgumentException if n is negative
   */
  List<LatencyMeasurement> last(LatencyQuery query, int n);

  /**
   * Every measurement in time order, read lazily in bounded memory; among equal timestamps in the
   * order of {@link #last}. Each page of it is read in a snapshot of its own, so that a slow
   * consumer holds up nobody. Close it, or read it to its end.
   */
  Stream<LatencyMeasurement> stream(LatencyQuery query);

  /** Every series there is, in order. */
  List<Series> series();

  /**
   * What became of everything this store was given, and how it is doing. Never waits for the
   * database.
   */
  StoreStats stats();

  /**
   * Asks the database how it is.
   *
   * @throws StoreUnavailableException if it does not answer
   */
  StoreCheck check();

  /** Work on what is stored already, to be done now instead of by and by. */
  Maintenance maintenance();

  /** {@link #close(Duration)} with ten seconds. */
  @Override
  default void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Commits what was recorded, and closes. What cannot be committed in time stays in the spool, for
   * whoever opens the database next. Takes some seconds longer than that time at most, however long
   * the database does not answer; nothing is written afterwards. Does nothing if the store is
   * closed already.
   *
   * @throws StoreUnavailableException if something could not be committed in time and there is no
   *     spool directory, as for an in-memory database; the message says how much is lost. The store
   *     is closed all the same
   */
  void close(Duration timeout);
}
