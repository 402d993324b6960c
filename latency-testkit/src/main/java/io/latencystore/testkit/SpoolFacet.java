package io.latencystore.testkit;

import static io.latencystore.testkit.FaultyDialect.always;
import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.DropReason;
import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.LatencySummary;
import io.latencystore.StoreListener;
import io.latencystore.StoreOverloadedException;
import io.latencystore.StoreState;
import io.latencystore.StoreStats;
import io.latencystore.StoreUnavailableException;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.OverflowPolicy;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.testkit.FaultyDialect.Point;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a store does whose spool is in files: what was recorded outlives a failing database and the
 * store.
 */
interface SpoolFacet extends StoreFixture {

  private static SQLException injected() {
    return new SQLException("injected fault");
  }

  private static LatencyStoreBuilder impatient(LatencyStoreBuilder builder) {
    return builder.retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(5)));
  }

  private static void assertBalanced(StoreStats stats) {
    assertThat(stats.recorded() + stats.appended() + stats.adopted())
        .as("%s", stats)
        .isEqualTo(stats.committed() + stats.pending() + stats.totalDropped());
  }

  @Test
  default void aFlushWhileTheDatabaseFailsSpoolsAndLaterStores() throws Exception {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, SpoolFacet::impatient)) {
      faulty.at(Point.BEGIN_WRITE, always(injected()));
      numbered(0, 10).forEach(store::record);

      FlushResult whileAway = store.flush(Duration.ofSeconds(10));

      assertThat(whileAway).isEqualTo(FlushResult.SPOOLED);
      assertThat(store.stats().state()).isEqualTo(StoreState.SPOOLING);
      assertThat(store.stats().pending()).isEqualTo(10);
      assertBalanced(store.stats());

      faulty.heal();
      Await.until("it is back", Duration.ofSeconds(10), () -> store.stats().pending() == 0);
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertThat(store.last(LatencyQuery.all(), 100))
          .containsExactlyInAnyOrderElementsOf(numbered(0, 10));
    }
  }

  @Test
  default void whatCouldNotBeStoredBeforeACloseIsStoredByTheNextOpen() throws Exception {
    FaultyDialect faulty = new FaultyDialect(dialect());
    List<LatencyMeasurement> recorded = new ArrayList<>(numbered(0, 1_000));
    recorded.add(Sample.withMetadata(NOON + 5_000, "{\"some\":\"json\"}"));
    LatencyStore failing = open(faulty, SpoolFacet::impatient);
    faulty.at(Point.BEGIN_WRITE, always(injected()));
    recorded.forEach(failing::record);

    failing.close(Duration.ofMillis(200));

    assertThat(failing.stats().pending()).isEqualTo(1_001);
    try (LatencyStore next = open()) {
      Await.until("it is adopted", Duration.ofSeconds(10), () -> next.stats().adopted() == 1_001);
      assertThat(next.last(LatencyQuery.all(), 10_000))
          .containsExactlyInAnyOrderElementsOf(recorded);
      assertBalanced(next.stats());
    }
  }

  @Test
  default void aQuestionSeesWhatIsRecordedWhileTheDatabaseTakesNothing() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, SpoolFacet::impatient)) {
      store.append(numbered(0, 100));
      faulty.at(Point.BEGIN_WRITE, always(injected()));
      numbered(100, 300).forEach(store::record);
      store.record(LatencyMeasurement.ofMicros(NOON + 300, 300, "other", "save", false, "m"));

      LatencySummary all = store.summarize(LatencyQuery.all());

      assertThat(all.count()).isEqualTo(301);
      assertThat(all.errors()).isEqualTo(1);
      assertThat(all.sumMicros()).isEqualTo(BigInteger.valueOf(300 * 301 / 2));
      assertThat(store.summarize(LatencyQuery.all().component("other")).count()).isEqualTo(1);
      assertThat(store.last(LatencyQuery.all(), 1).get(0).metadata()).isEqualTo("m");
      assertThat(store.stream(LatencyQuery.all().component("editor")))
          .containsExactlyElementsOf(numbered(0, 300));
      assertThat(store.timeSeries(LatencyQuery.all(), Duration.ofHours(1))).hasSize(1);
      faulty.heal();
    }
  }

  @Test
  default void aQuestionSeesEverythingRecordedBeforeItOnceWhileTheWriterCommits() throws Exception {
    int total = 200_000;
    try (LatencyStore store =
        open(
            builder ->
                builder.batch(
                    BatchPolicy.upTo(1_000).or(BatchPolicy.within(Duration.ofMillis(1)))))) {
      LatencyRecorder recorder = store.recorder("editor", "save");
      AtomicLong recorded = new AtomicLong();
      Thread recording =
          new Thread(
              () -> {
                for (int i = 0; i < total; i++) {
                  recorder.record(NOON + i, 1);
                  recorded.set(i + 1);
                }
              });
      recording.start();

      while (recording.isAlive()) {
        long before = recorded.get();
        long seen = store.summarize(LatencyQuery.all().withoutPercentiles()).count();
        assertThat(seen).isBetween(before, recorded.get() + 1);
      }

      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(total);
    }
  }

  @Test
  default void aFullSpoolDropsTheNewestAndKeepsTheRest() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store =
        open(
            faulty,
            builder ->
                impatient(builder).spoolLimit(4 << 20).overflow(OverflowPolicy.dropNewest()))) {
      faulty.at(Point.BEGIN_WRITE, always(injected()));
      LatencyRecorder recorder = store.recorder("editor", "save");
      for (int i = 0; i < 200_000; i++) {
        recorder.record(NOON + i, i);
      }

      assertThat(store.stats().dropped()).containsOnlyKeys(DropReason.OVERFLOW);
      long dropped = store.stats().totalDropped();
      faulty.heal();
      store.flush(Duration.ofSeconds(30));

      assertThat(dropped).isBetween(1L, 199_999L);
      LatencySummary kept = store.summarize(LatencyQuery.all());
      assertThat(kept.count()).isEqualTo(200_000 - dropped);
      assertBalanced(store.stats());
    }
  }

  @Test
  default void aFullSpoolThrowsIfToldTo() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store =
        open(
            faulty,
            builder -> impatient(builder).spoolLimit(4 << 20).overflow(OverflowPolicy.fail()))) {
      faulty.at(Point.BEGIN_WRITE, always(injected()));
      LatencyRecorder recorder = store.recorder("editor", "save");

      assertThatExceptionOfType(StoreOverloadedException.class)
          .isThrownBy(
              () -> {
                for (int i = 0; i < 200_000; i++) {
                  recorder.record(NOON + i, i);
                }
              })
          .withMessageContaining("limit");

      faulty.heal();
      assertBalanced(store.stats());
    }
  }

  @Test
  default void thereMayBeOnlySoManySeries() {
    try (LatencyStore store = open(builder -> builder.maxSeries(2))) {
      store.recorder("a", "k");
      store.recorder("b", "k").record(NOON, 1);

      assertThatExceptionOfType(StoreOverloadedException.class)
          .isThrownBy(() -> store.recorder("c", "k"))
          .withMessageContaining("maxSeries");
      store.record(Sample.named("c", "k"));

      assertThat(store.recorder("b", "k")).isNotNull();
      assertThat(store.stats().dropped()).isEqualTo(Map.of(DropReason.TOO_MANY_SERIES, 1L));
      assertBalanced(store.stats());
    }
  }

  @Test
  default void seriesBeyondTheLimitCanBeRecordedAsOne() {
    try (LatencyStore store =
        open(builder -> builder.maxSeries(2).overflowSeries("other", "all"))) {
      store.recorder("other", "all");
      store.recorder("a", "k").record(NOON, 1);
      store.recorder("b", "k").record(NOON, 2);
      store.record(Sample.named("c", "k"));

      assertThat(store.summarizeByComponent(LatencyQuery.all()).keySet())
          .containsExactly("a", "other");
      assertThat(store.summarize(LatencyQuery.all().component("other")).count()).isEqualTo(2);
    }
  }

  @Test
  default void aListenerHearsAndCannotHurt() throws Exception {
    FaultyDialect faulty = new FaultyDialect(dialect());
    List<StoreState> states = new CopyOnWriteArrayList<>();
    List<String> rejected = new CopyOnWriteArrayList<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void stateChanged(StoreState before, StoreState now, @Nullable Throwable cause) {
            states.add(now);
            throw new IllegalStateException("a listener may throw");
          }

          @Override
          public void rejected(
              io.latencystore.Series series,
              io.latencystore.InvalidMeasurementException.Reason reason) {
            rejected.add(series.component() + reason);
            throw new AssertionError("or worse");
          }
        };
    try (LatencyStore store = open(faulty, builder -> impatient(builder).listener(listener))) {
      store.recorder("editor", "save").record(NOON, -1);
      faulty.at(Point.BEGIN_WRITE, always(injected()));
      store.record(Sample.of(NOON, 1));
      store.flush();
      faulty.heal();
      Await.until("it is back", Duration.ofSeconds(10), () -> store.stats().pending() == 0);
      store.flush();
    }
    assertThat(states)
        .containsExactly(
            StoreState.RETRYING, StoreState.SPOOLING, StoreState.HEALTHY, StoreState.CLOSED);
    assertThat(rejected).containsExactly("editorNEGATIVE_LATENCY");
  }

  @Test
  default void policiesThatThrowAreTakenForNow() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store =
        open(
            faulty,
            builder ->
                builder
                    .batch(
                        batch -> {
                          throw new IllegalStateException("no idea");
                        })
                    .retry(
                        failures -> {
                          throw new IllegalStateException("none either");
                        }))) {
      faulty.at(Point.BEGIN_WRITE, FaultyDialect.first(2, injected()));
      numbered(0, 10).forEach(store::record);

      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      assertThat(store.stats().committed()).isEqualTo(10);
    }
  }

  @Test
  default void recordingWorksAtOnceWhileTheDatabaseOpens() throws Exception {
    CountDownLatch mayOpen = new CountDownLatch(1);
    FaultyDialect faulty = new FaultyDialect(dialect());
    faulty.at(
        Point.OPEN_WRITER,
        arrival -> {
          try {
            mayOpen.await();
          } catch (InterruptedException e) {
            throw new SQLException(e);
          }
        });
    try (LatencyStore store = open(faulty, LatencyStoreBuilder::startInBackground)) {
      numbered(0, 100).forEach(store::record);
      assertThat(store.stats().recorded()).isEqualTo(100);
      assertThat(store.stats().pending()).isEqualTo(100);

      mayOpen.countDown();

      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(100);
      assertThat(store.check().schemaVersion()).isEqualTo("1");
    }
  }

  @Test
  default void aStartInTheBackgroundThatFailsSaysWhyAndKeepsWhatWasRecorded() throws Exception {
    FaultyDialect faulty = new FaultyDialect(dialect());
    faulty.at(Point.OPEN_WRITER, always(injected()));
    LatencyStore store = open(faulty, LatencyStoreBuilder::startInBackground);
    numbered(0, 100).forEach(store::record);

    Await.until(
        "it failed", Duration.ofSeconds(10), () -> store.stats().state() == StoreState.FAILED);
    for (Runnable asked :
        List.<Runnable>of(store::check, store::flush, () -> store.summarize(LatencyQuery.all()))) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(asked::run)
          .withMessageContaining("injected fault");
    }
    store.close();

    try (LatencyStore next = open()) {
      Await.until("it is adopted", Duration.ofSeconds(10), () -> next.stats().adopted() == 100);
      assertThat(next.last(LatencyQuery.all(), 1_000))
          .containsExactlyInAnyOrderElementsOf(numbered(0, 100));
    }
  }

  @Test
  default void nothingRecordedWhileAStoreClosesIsLostSilently() throws Exception {
    LatencyStore store = open();
    LatencyRecorder recorder = store.recorder("editor", "save");
    AtomicLong tried = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      Thread thread =
          new Thread(
              () -> {
                while (store.stats().state() != StoreState.CLOSED) {
                  recorder.record(NOON, 1);
                  tried.incrementAndGet();
                }
              });
      threads.add(thread);
      thread.start();
    }
    Await.until("some are recorded", Duration.ofSeconds(10), () -> tried.get() > 10_000);

    store.close();
    store.close();
    for (Thread thread : threads) {
      thread.join();
    }

    StoreStats stats = store.stats();
    assertThat(stats.recorded()).isEqualTo(tried.get());
    assertBalanced(stats);
    try (LatencyStore next = open()) {
      assertThat(next.summarize(LatencyQuery.all()).count()).isEqualTo(stats.committed());
    }
  }

  @Test
  default void interruptedThreadsRecordAndFlush() {
    try (LatencyStore store = open()) {
      Thread.currentThread().interrupt();
      numbered(0, 100_000).forEach(store::record);
      FlushResult result = store.flush();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(result).isEqualTo(FlushResult.STORED);
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(100_000);
    }
  }
}
