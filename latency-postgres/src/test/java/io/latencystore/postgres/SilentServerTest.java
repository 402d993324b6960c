package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.FlushResult;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.StoreState;
import io.latencystore.StoreUnavailableException;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.ChaosProxy;
import io.latencystore.testkit.PostgresMessage;
import io.latencystore.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of measurements while connections are there and nothing comes on them. */
@Timeout(120)
final class SilentServerTest {

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

      database.awaitAllStored(store, ledger);
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
      awaitSessionThatWaits();

      proxy.pass();

      database.awaitAllStored(store, ledger);
    }
  }

  @Test
  void aCommitWhoseAnswerNeverComesIsNotRepeated() throws Exception {
    try (LatencyStore store = database.builder().open()) {
      proxy.freezeAfter(PostgresMessage.COMMIT, 2);
      ledger.record(store, "c", 1_000);
      Await.until("it is silent", PATIENCE, () -> proxy.strikes() == 1);

      database.awaitAllStored(store, ledger);
    }
  }

  @Test
  void aLoadWhoseCommitArrivesAfterItWasGivenUpKnowsThatItIsStored() throws Exception {
    try (LatencyStore store = database.patientBuilder("socketTimeout=2").open()) {
      ledger.append(store, "loaded", 25);
      proxy.freezeBefore(PostgresMessage.COMMIT, 1);
      Thread loading = new Thread(() -> ledger.append(store, "loaded", 100));
      loading.start();
      Await.until("the commit is held up", PATIENCE, () -> proxy.strikes() == 1);
      awaitSessionThatWaits();

      proxy.pass();

      loading.join();
      database.awaitAllStored(store, ledger);
      assertThat(store.stats().appended()).isEqualTo(125);
    }
  }

  private void awaitSessionThatWaits() throws Exception {
    Await.until(
        "a session waits for another",
        PATIENCE,
        () -> !database.ask("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("0"));
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
      database.awaitAllStored(next, ledger);
    }
    database.assertNoSpoolIsLeft();
  }

  @Test
  void closingIsBoundedThoughTheServerIsSilentWhenAllIsStored() throws Exception {
    LatencyStore store = database.patientBuilder("").open();
    ledger.record(store, "c", 100);
    store.flush();
    proxy.freeze();
    long start = System.nanoTime();

    store.close(Duration.ofMillis(500));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    assertThat(store.stats().pending()).isZero();
    proxy.cut();
    try (LatencyStore next = database.openDirectly()) {
      database.awaitAllStored(next, ledger);
    }
    database.assertNoSpoolIsLeft();
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
}
