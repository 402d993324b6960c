package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.StoreState;
import io.latencystore.StoreUnavailableException;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.ChaosProxy;
import io.latencystore.testkit.ManualClock;
import io.latencystore.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of measurements while the server cannot be reached, or answers late. */
@Timeout(120)
class OutageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path spools;

  private final Ledger ledger = new Ledger();
  private ProxiedDatabase database;
  private ChaosProxy proxy;

  ProxiedDatabase newDatabase() {
    return new ProxiedDatabase(PostgresServer.shared(), spools);
  }

  @BeforeEach
  void start() {
    database = newDatabase();
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

      database.awaitAllStored(store, ledger);
    }
    database.assertNoSpoolIsLeft();
  }

  @Test
  void aStoreOpensAndRecordsWhileTheServerIsAway() throws Exception {
    assertOpensWhileTheServerIsAway(database.builder());
  }

  @Test
  void aStoreThatStartsInTheBackgroundRecordsWhileTheServerIsAway() throws Exception {
    assertOpensWhileTheServerIsAway(database.builder().startInBackground());
  }

  private void assertOpensWhileTheServerIsAway(LatencyStoreBuilder builder) throws Exception {
    proxy.refuse();
    try (LatencyStore store = builder.open()) {
      ledger.record(store, "early", 1_000);

      assertThat(store.flush(Duration.ofSeconds(2))).isEqualTo(FlushResult.SPOOLED);
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.summarize(LatencyQuery.all()))
          .withMessageContaining("127.0.0.1:" + proxy.port());
      assertThat(store.stats().pending()).isEqualTo(1_000);

      proxy.pass();

      database.awaitAllStored(store, ledger);
      assertThat(store.check().schemaVersion()).isNotEqualTo("none");
    }
    database.assertNoSpoolIsLeft();
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
      database.awaitAllStored(store, ledger);
    }
    database.assertNoSpoolIsLeft();
  }

  @Test
  void aSlowServerIsGoodEnough() throws Exception {
    proxy.delay(Duration.ofMillis(5));
    try (LatencyStore store = database.builder().open()) {
      ledger.record(store, "c", 1_000);
      ledger.append(store, "loaded", 50);

      database.awaitAllStored(store, ledger);
    }
  }

  @Test
  void aClockThatJumpsByYearsDuringOutagesChangesTimestampsAlone() throws Exception {
    ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_772_366_400));
    List<Instant> times = new ArrayList<>();
    try (LatencyStore store = database.builder().clock(clock).open()) {
      long connections = proxy.connections();
      for (int i = 0; i < 20; i++) {
        clock.advance(Duration.ofDays(i % 2 == 0 ? 3_650 : -3_650 + i));
        times.add(clock.instant());
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
