package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.StoreState;
import io.latencystore.StoreUnavailableException;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.ChaosProxy;
import io.latencystore.testkit.PostgresMessage;
import io.latencystore.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of measurements while the server cannot be reached, or answers late or never. */
@Timeout(120)
final class OutageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path spools;

  private final Ledger ledger = new Ledger();
  private ProxiedDatabase database;
  private ChaosProxy proxy;

  @BeforeEach
  void start() {
    database = new ProxiedDatabase(PostgresServer.shared(), spools);
    proxy = database.proxy();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private void goAway() {
    proxy.refuse();
    proxy.cut();
  }

  private static void awaitState(LatencyStore store, StoreState state) throws Exception {
    Await.until("it is " + state, PATIENCE, () -> store.stats().state() == state);
  }

  /** Waits for everything to be stored; meanwhile the first of each component are. */
  private void awaitAllStored(LatencyStore store) throws Exception {
    try (Connection past = database.connect()) {
      Await.until("nothing waits", PATIENCE, () -> isPrefixAndComplete(store, past));
    }
    assertThat(store.flush()).isEqualTo(FlushResult.STORED);
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    Ledger.assertBalanced(store.stats(), "");
    assertThat(store.stats().totalDropped()).isZero();
    Await.until("it answers", PATIENCE, () -> answers(store));
    ledger.assertStored(store, "");
  }

  /** The first question that meets a broken connection fails. */
  private static boolean answers(LatencyStore store) {
    try {
      return store.check() != null;
    } catch (StoreUnavailableException e) {
      return false;
    }
  }

  private boolean isPrefixAndComplete(LatencyStore store, Connection past) throws SQLException {
    ledger.assertPrefixStored(past, "while it catches up");
    return store.stats().pending() == 0;
  }

  private void assertNoSpoolIsLeft() throws Exception {
    if (Files.exists(spools)) {
      try (Stream<Path> left = Files.list(spools)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void whatIsRecordedWhileTheServerIsAwayIsStoredInOrderOnceItIsBack() throws Exception {
    try (LatencyStore store = database.builder().open()) {
      try (Recorders recorders = Recorders.start(ledger, store, 1)) {
        Await.until("some are stored", PATIENCE, () -> store.stats().committed() > 1_000);
        goAway();
        recorders.awaitMore(50_000);
        long recorded = ledger.total();
        assertThat(store.flush(Duration.ofSeconds(5))).isEqualTo(FlushResult.SPOOLED);
        awaitState(store, StoreState.SPOOLING);
        proxy.pass();
        Await.until("it is stored", PATIENCE, () -> store.stats().committed() > recorded);
      }

      awaitAllStored(store);
    }
    assertNoSpoolIsLeft();
  }

  @Test
  void aStoreOpensAndRecordsWhileTheServerIsAway() throws Exception {
    proxy.refuse();
    try (LatencyStore store = database.builder().open()) {
      ledger.record(store, "early", 1_000);

      assertThat(store.flush(Duration.ofSeconds(2))).isEqualTo(FlushResult.SPOOLED);
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.summarize(LatencyQuery.all()))
          .withMessageContaining("127.0.0.1:" + proxy.port());
      assertThat(store.stats().pending()).isEqualTo(1_000);

      proxy.pass();

      awaitAllStored(store);
      assertThat(store.check().schemaVersion()).isNotEqualTo("none");
    }
    assertNoSpoolIsLeft();
  }

  @Test
  void whatIsRecordedWhileTheServerIsNeverThereIsStoredByALaterStore() throws Exception {
    proxy.refuse();
    LatencyStore early = database.builder().open();
    ledger.record(early, "early", 1_000);
    early.close(Duration.ofMillis(200));
    assertThat(early.stats().pending()).isEqualTo(1_000);
    Ledger.assertBalanced(early.stats(), "");

    proxy.pass();

    try (LatencyStore store = database.builder().open()) {
      Await.until("it is adopted", PATIENCE, () -> store.stats().adopted() == 1_000);
      awaitAllStored(store);
    }
    assertNoSpoolIsLeft();
  }

  @Test
  void aSilentServerDelaysNothingButTheCommit() throws Exception {
    try (LatencyStore store = database.builder().readTimeout(Duration.ofSeconds(1)).open()) {
      ledger.record(store, "c", 100);
      store.flush();
      proxy.freeze();
      long longest = 0;
      long silent = System.nanoTime();
      while (System.nanoTime() - silent < 3_000_000_000L) {
        long start = System.nanoTime();
        ledger.record(store, "c", 100);
        longest = Math.max(longest, System.nanoTime() - start);
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(1));
      assertThat(store.flush(Duration.ofSeconds(1))).isEqualTo(FlushResult.SPOOLED);
      long asked = System.nanoTime();
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.summarize(LatencyQuery.all()));
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));

      proxy.pass();

      awaitAllStored(store);
    }
  }

  @Test
  void aCommitThatArrivesAfterItWasGivenUpIsNotRepeated() throws Exception {
    try (LatencyStore store = database.builder().open()) {
      ledger.record(store, "c", 10);
      store.flush();
      proxy.freezeBefore(PostgresMessage.COMMIT, 1);
      ledger.record(store, "c", 100);
      Await.until("the commit is held up", PATIENCE, () -> proxy.strikes() == 1);
      Await.until(
          "another attempt waits for it",
          PATIENCE,
          () -> !database.ask("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("0"));

      proxy.pass();

      awaitAllStored(store);
    }
  }

  @Test
  void aCommitWhoseAnswerNeverComesIsNotRepeated() throws Exception {
    try (LatencyStore store = database.builder().open()) {
      proxy.freezeAfter(PostgresMessage.COMMIT, 2);
      ledger.record(store, "c", 1_000);
      Await.until("it is silent", PATIENCE, () -> proxy.strikes() == 1);

      awaitAllStored(store);
    }
  }

  @Test
  void aLoadWhoseCommitIsHeldUpSaysRightlyHowMuchIsStored() throws Exception {
    try (LatencyStore store = database.patientBuilder("socketTimeout=3").open()) {
      ledger.append(store, "loaded", 100);
      for (int i = 1; i <= 5; i++) {
        proxy.cutAfter(PostgresMessage.COMMIT, i);
        ledger.append(store, "loaded", 100);
      }
      awaitAllStored(store);
    }
  }

  @Test
  void aSlowServerIsGoodEnough() throws Exception {
    proxy.delay(Duration.ofMillis(5));
    try (LatencyStore store = database.builder().open()) {
      ledger.record(store, "c", 1_000);
      ledger.append(store, "loaded", 50);

      awaitAllStored(store);
    }
  }

  @Test
  void closingIsBoundedWhileTheServerIsSilentAndTheNextStoreGoesOn() throws Exception {
    LatencyStore store = database.patientBuilder("").open();
    ledger.record(store, "c", 100);
    store.flush();
    proxy.freeze();
    ledger.record(store, "c", 1_000);
    long start = System.nanoTime();

    store.close(Duration.ofMillis(500));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    assertThat(store.stats().pending()).isEqualTo(1_000);
    Ledger.assertBalanced(store.stats(), "");
    store.close();
    proxy.cut();
    try (LatencyStore next = database.openDirectly()) {
      Await.until("it is adopted", PATIENCE, () -> next.stats().adopted() == 1_000);
      awaitAllStored(next);
    }
    assertNoSpoolIsLeft();
  }

  @Test
  void closingIsBoundedWhileThreadsRecordAndAskAndTheServerIsSilent() throws Exception {
    LatencyStore store = database.patientBuilder("").open();
    LatencyRecorder recorder = store.recorder("c", "command");
    AtomicLong tried = new AtomicLong();
    Thread recording =
        new Thread(
            () -> {
              while (store.stats().state() != StoreState.CLOSED) {
                recorder.record(Numbered.NOON, 1);
                tried.incrementAndGet();
              }
            });
    Thread asking = new Thread(() -> askUntilItIsClosed(store));
    recording.start();
    asking.start();
    Await.until("some are stored", PATIENCE, () -> store.stats().committed() > 1_000);
    proxy.freeze();
    long before = tried.get();
    Await.until("more is recorded", PATIENCE, () -> tried.get() > before + 1_000);
    long start = System.nanoTime();

    store.close(Duration.ofMillis(500));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    for (Thread thread : List.of(recording, asking)) {
      thread.join(PATIENCE.toMillis());
      assertThat(thread.isAlive()).isFalse();
    }
    assertThat(store.stats().recorded()).isEqualTo(tried.get());
    Ledger.assertBalanced(store.stats(), "");
  }

  private static void askUntilItIsClosed(LatencyStore store) {
    try {
      while (true) {
        store.summarize(LatencyQuery.all());
      }
    } catch (StoreUnavailableException | IllegalStateException e) {
      // It is closed.
    }
  }

  private static final class JumpingClock extends Clock {

    private volatile Instant now = Instant.ofEpochSecond(1_772_366_400);

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
      return now;
    }
  }

  @Test
  void aClockThatJumpsByYearsDuringOutagesChangesTimestampsAlone() throws Exception {
    JumpingClock clock = new JumpingClock();
    List<Instant> times = new ArrayList<>();
    try (LatencyStore store = database.builder().clock(clock).open()) {
      long connections = proxy.connections();
      for (int i = 0; i < 20; i++) {
        clock.now = clock.now.plus(Duration.ofDays(i % 2 == 0 ? 3_650 : -3_650 + i));
        times.add(clock.now);
        if (i % 5 == 0) {
          proxy.cut();
        }
        store.recorder("c", "command").record(Duration.ofMillis(i));
        assertThat(store.flush(PATIENCE)).isEqualTo(FlushResult.STORED);
      }
      assertThat(proxy.connections() - connections).as("no storm of attempts").isLessThan(30);
      Ledger.assertBalanced(store.stats(), "");
    }
    try (LatencyStore store = database.openDirectly();
        Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
      assertThat(all.map(LatencyMeasurement::timestamp).toList())
          .containsExactlyElementsOf(times.stream().sorted().toList());
    }
  }
}
