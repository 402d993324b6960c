package io.latencystore.sqlite;

import static io.latencystore.sqlite.SpoolStores.assertBalanced;
import static io.latencystore.sqlite.SpoolStores.assertNumbered;
import static io.latencystore.sqlite.SpoolStores.eager;
import static io.latencystore.sqlite.SpoolStores.failure;
import static io.latencystore.sqlite.SpoolStores.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.DropReason;
import io.latencystore.FlushResult;
import io.latencystore.InvalidMeasurementException.Reason;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.Series;
import io.latencystore.StoreException;
import io.latencystore.StoreListener;
import io.latencystore.StoreState;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a host's policies, listeners and clocks may do wrong: the writer goes on, or says that it
 * does not.
 */
@Timeout(60)
final class SpoolCallbacksTest {

  private static final int IO = 10;

  @TempDir Path directory;

  private final FaultyDialect faulty = new FaultyDialect(new SqliteDialect());

  private final AtomicReference<@Nullable Throwable> why = new AtomicReference<>();

  private final StoreListener hearing =
      new StoreListener() {
        @Override
        public void stateChanged(StoreState before, StoreState now, @Nullable Throwable cause) {
          if (now == StoreState.FAILED) {
            why.set(cause);
          }
        }
      };

  private Path file() {
    return directory.resolve("latency.db");
  }

  private static void fail(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  private static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException("a callback failed"),
        new StackOverflowError("a callback failed"),
        new OutOfMemoryError("a callback failed"));
  }

  /** A listener whose every method throws, and which notes that it was called. */
  private static final class Throwing implements StoreListener {

    private final Throwable failure;
    private final Set<String> heard = ConcurrentHashMap.newKeySet();

    Throwing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void stateChanged(StoreState before, StoreState now, @Nullable Throwable cause) {
      heard.add("state " + now);
      fail(failure);
    }

    @Override
    public void rejected(Series series, Reason reason) {
      heard.add("rejected");
      fail(failure);
    }

    @Override
    public void dropped(Series series, DropReason reason) {
      heard.add("dropped");
      fail(failure);
    }

    @Override
    public void deadLettered(LatencyMeasurement measurement, Throwable cause) {
      heard.add("dead-lettered");
      fail(failure);
    }
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aListenerThatThrowsFromAllItsMethodsHurtsNobody(Throwable failure) throws Exception {
    LatencyStore.open("sqlite:" + file()).close();
    RawSql.execute(
        file(),
        "CREATE TRIGGER refuse BEFORE INSERT ON latency_series WHEN NEW.component = 'poison'"
            + " BEGIN SELECT RAISE(ABORT, 'refused'); END");
    Throwing listener = new Throwing(failure);
    try (LatencyStore store =
        SpoolStores.open(eager(file()).listener(listener).maxSeries(2), faulty)) {
      faulty.at(Point.BEGIN_WRITE, FaultyDialect.first(8, failure(IO)));
      record(store, "c", 0, 1_000);
      record(store, "poison", 7, 8);
      record(store, "one-series-too-many", 0, 1);
      store.recorder("c", "command").record(Duration.ofNanos(-1));
      record(store, "c", 1_000, 2_000);

      Await.until("it is stored", Duration.ofSeconds(20), () -> store.stats().pending() == 0);

      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      assertNumbered(store, "c", 2_000);
      assertThat(store.stats().totalDropped()).isEqualTo(2);
      assertBalanced(store.stats());
      assertThat(listener.heard)
          .contains(
              "state RETRYING",
              "state SPOOLING",
              "state HEALTHY",
              "rejected",
              "dropped",
              "dead-lettered");
    }
    assertThat(listener.heard).contains("state CLOSED");
  }

  @SuppressWarnings("NullAway") // That a policy answers nothing is what is tried.
  private static Stream<Named<UnaryOperator<LatencyStoreBuilder>>> survivable() {
    BatchPolicy none = batch -> null;
    RetryPolicy noPause = failures -> null;
    return Stream.of(
        Named.of("no batch decision", builder -> builder.batch(none)),
        Named.of("no pause", builder -> builder.retry(noPause)),
        Named.of("a negative patience", b -> b.batch(batch -> Duration.ofSeconds(-1))),
        Named.of("a negative pause", b -> b.retry(failures -> Duration.ofSeconds(-1))),
        Named.of("an endless patience", b -> b.batch(batch -> Duration.ofSeconds(Long.MAX_VALUE))),
        Named.of(
            "an endless pause",
            b -> b.retry(f -> f < 3 ? Duration.ZERO : Duration.ofSeconds(Long.MAX_VALUE))),
        Named.of(
            "a batch policy that throws",
            b ->
                b.batch(
                    batch -> {
                      throw new IllegalStateException("no idea");
                    })),
        Named.of(
            "a retry policy that throws",
            b ->
                b.retry(
                    failures -> {
                      throw new IllegalStateException("no idea");
                    })));
  }

  @ParameterizedTest
  @MethodSource("survivable")
  void aPolicyThatAnswersNonsenseOrThrowsStopsNothing(UnaryOperator<LatencyStoreBuilder> wrong) {
    try (LatencyStore store = SpoolStores.open(wrong.apply(eager(file())), faulty)) {
      faulty.at(Point.BEGIN_WRITE, FaultyDialect.first(3, failure(IO)));
      record(store, "c", 0, 1_000);

      assertThat(store.flush()).isEqualTo(FlushResult.STORED);

      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertNumbered(store, "c", 1_000);
      assertBalanced(store.stats());
    }
  }

  /** A clock that has stopped working for all but the test's own thread. */
  private static final class BrokenClock extends Clock {

    private final Thread test = Thread.currentThread();

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      if (Thread.currentThread() != test) {
        throw new IllegalStateException("no battery");
      }
      return Instant.EPOCH;
    }
  }

  private static Stream<Named<UnaryOperator<LatencyStoreBuilder>>> fatal() {
    return Stream.of(
        Named.of(
            "an Error in the batch policy",
            b ->
                b.batch(
                    batch -> {
                      throw new StackOverflowError("in the batch policy");
                    })),
        Named.of(
            "an Error in the retry policy",
            b ->
                b.retry(
                    failures -> {
                      throw new StackOverflowError("in the retry policy");
                    })),
        Named.of("a clock that throws", b -> b.clock(new BrokenClock())));
  }

  /** Lets a store record, and waits until it has stored that or says that it does not. */
  private LatencyStore openAndRecord(UnaryOperator<LatencyStoreBuilder> wrong) throws Exception {
    LatencyStore.open("sqlite:" + file()).close();
    LatencyStore store = SpoolStores.open(wrong.apply(eager(file())).listener(hearing), faulty);
    faulty.at(Point.BEGIN_WRITE, FaultyDialect.first(3, failure(IO)));
    record(store, "c", 0, 1_000);
    Await.until(
        "it goes on or says that it does not",
        Duration.ofSeconds(10),
        () -> store.stats().pending() == 0 || store.stats().state() == StoreState.FAILED);
    assertBalanced(store.stats());
    return store;
  }

  private void assertTheNextFinds(long count) throws Exception {
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      SpoolStores.awaitAdoption(file());
      assertNumbered(next, "c", count);
    }
  }

  /** The writer may go on, or stop in state FAILED; it may not stop and say nothing. */
  @ParameterizedTest
  @MethodSource("fatal")
  void anErrorInACallbackStopsNothingSilently(UnaryOperator<LatencyStoreBuilder> wrong)
      throws Exception {
    LatencyStore store = openAndRecord(wrong);

    assertThat(store.stats().state() == StoreState.FAILED).isEqualTo(why.get() != null);
    record(store, "c", 1_000, 1_100);
    assertThat(store.stats().recorded()).isEqualTo(1_100);
    store.close(Duration.ofSeconds(5));

    assertBalanced(store.stats());
    assertTheNextFinds(1_100);
  }

  @ParameterizedTest
  @MethodSource("fatal")
  void aFlushOfAStoreThatStoppedSaysWhy(UnaryOperator<LatencyStoreBuilder> wrong) throws Exception {
    try (LatencyStore store = openAndRecord(wrong)) {
      if (store.stats().state() == StoreState.FAILED) {
        assertThatExceptionOfType(StoreException.class)
            .isThrownBy(() -> store.flush(Duration.ofSeconds(1)))
            .withStackTraceContaining(String.valueOf(why.get()));
      } else {
        assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      }
    }
  }

  @Test
  void anErrorInTheDriverStopsNothingSilently() throws Exception {
    LatencyStore store = SpoolStores.open(eager(file()), faulty);
    faulty.at(
        Point.BEGIN_WRITE,
        arrival -> {
          throw new UnsatisfiedLinkError("the native library is gone");
        });
    record(store, "c", 0, 1_000);

    Await.until(
        "it says that it stopped",
        Duration.ofSeconds(10),
        () -> store.stats().state() == StoreState.FAILED);
    assertThat(store.stats().pending()).isEqualTo(1_000);
    assertBalanced(store.stats());
    store.close(Duration.ofSeconds(5));

    assertTheNextFinds(1_000);
  }
}
