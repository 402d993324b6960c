package io.latencystore.postgres;

import static io.latencystore.testkit.FaultyDialect.first;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyStore;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.store.SqlStoreProvider;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of measurements whose commit fails, whether it took effect or not. */
@Timeout(60)
class CommitErrorsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @TempDir Path spools;

  private final FaultyDialect faulty = new FaultyDialect(new PostgresDialect());
  private final Ledger ledger = new Ledger();

  private LatencyStore open() {
    return SqlStoreProvider.open(
        LatencyStore.builder(database.url())
            .spoolDirectory(spools)
            .batch(BatchPolicy.upTo(50))
            .retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(10)))
            .options(),
        faulty);
  }

  private void assertRecordedIsStored(LatencyStore store) throws Exception {
    for (int round = 0; round < 4; round++) {
      ledger.record(store, "c", 100);
      store.flush();
      Await.until("it is stored", PATIENCE, () -> store.stats().pending() == 0);
    }
    faulty.heal();

    ledger.assertStored(store, "");
    assertThat(store.stats().committed()).isEqualTo(400);
    Ledger.assertBalanced(store.stats(), "");
  }

  private static SQLException failure(String state) {
    return new SQLException("injected fault", state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "40001", "53100", "25006", "23505"})
  void aCommitThatFailedIsRepeated(String state) throws Exception {
    try (LatencyStore store = open()) {
      faulty.at(Point.BEFORE_COMMIT, first(3, failure(state)));

      assertRecordedIsStored(store);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "40001", "53100", "25006", "23505"})
  void aCommitThatOnlySeemedToFailIsNotRepeated(String state) throws Exception {
    try (LatencyStore store = open()) {
      faulty.at(Point.AFTER_COMMIT, first(3, failure(state)));

      assertRecordedIsStored(store);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "40001", "53100", "25006", "23505"})
  void aCommitOfWhichTheServerSaysNothingForLongIsNotRepeated(String state) throws Exception {
    try (LatencyStore store = open()) {
      faulty
          .at(Point.AFTER_COMMIT, first(3, failure(state)))
          .at(Point.BEGIN_READ, first(3, failure(state)));

      assertRecordedIsStored(store);
    }
  }
}
