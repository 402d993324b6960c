package io.latencystore.postgres;

import static io.latencystore.testkit.PostgresMessage.COMMIT;
import static io.latencystore.testkit.PostgresMessage.COMMITTED;
import static io.latencystore.testkit.PostgresMessage.READY;
import static io.latencystore.testkit.PostgresMessage.answer;
import static io.latencystore.testkit.PostgresMessage.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.FlushResult;
import io.latencystore.LatencyStore;
import io.latencystore.StoreStats;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.ChaosProxy;
import io.latencystore.testkit.PostgresMessage;
import io.latencystore.testkit.PostgresServer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of measurements while the connection is cut again and again, {@code -Dlatency.cuts}
 * times: it is all stored, once, and in order.
 */
@Timeout(300)
class ConnectionCutsTest {

  private static final int CUTS = Integer.getInteger("latency.cuts", 200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final String run = "again with -Dlatency.seed=" + seed;
  private final Random random = new Random(seed);
  private final Ledger ledger = new Ledger();

  ProxiedDatabase newDatabase() {
    return new ProxiedDatabase(PostgresServer.shared(), directory);
  }

  /** How often to cut. */
  int cuts() {
    return CUTS;
  }

  private void cutAtRandom(ChaosProxy proxy, List<PostgresMessage> messages) {
    PostgresMessage message = messages.get(random.nextInt(messages.size()));
    int n = 1 + random.nextInt(3);
    if (random.nextBoolean()) {
      proxy.cutBefore(message, n);
    } else {
      proxy.cutAfter(message, n);
    }
  }

  private void cutAgainAndAgain(int cuts, List<PostgresMessage> messages, boolean loading)
      throws Exception {
    try (ProxiedDatabase database = newDatabase();
        Connection past = database.connect()) {
      try (LatencyStore store = database.builder().open()) {
        try (Recorders recorders = Recorders.start(ledger, store, seed)) {
          if (loading) {
            recorders.alsoLoad(store, seed);
          }
          for (int cut = 1; cut <= cuts; cut++) {
            int number = cut;
            cutAtRandom(database.proxy(), messages);
            Await.until(
                "cut " + number + " struck, " + run,
                PATIENCE,
                () -> database.proxy().strikes() == number);
            ledger.assertPrefixStored(past, run);
          }
          database.proxy().pass();
          recorders.awaitMore(100);
        }

        Await.until("nothing waits, " + run, PATIENCE, () -> store.stats().pending() == 0);
        assertThat(store.flush()).as(run).isEqualTo(FlushResult.STORED);
        StoreStats stats = store.stats();
        assertThat(stats.recorded() + stats.appended()).as(run).isGreaterThan(10L * cuts);
        Ledger.assertBalanced(stats, run);
        ledger.assertStored(store, run);
      }
      try (LatencyStore store = database.openDirectly()) {
        ledger.assertStored(store, run);
        assertThat(store.stats().adopted()).as(run).isZero();
      }
    }
  }

  @Test
  void everythingIsStoredOnceHoweverOftenTheConnectionIsCutAroundACommit() throws Exception {
    cutAgainAndAgain(cuts(), List.of(COMMIT, COMMITTED), true);
  }

  @Test
  void everythingIsStoredOnceHoweverOftenTheConnectionIsCutAnywhere() throws Exception {
    cutAgainAndAgain(
        cuts() / 3,
        List.of(statement(""), statement("INSERT"), answer(""), answer("UPDATE"), READY),
        false);
  }
}
