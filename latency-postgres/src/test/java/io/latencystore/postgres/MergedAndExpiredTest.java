package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Micros;
import io.latencystore.StoreUnavailableException;
import io.latencystore.policy.Expiry;
import io.latencystore.store.SqlStoreProvider;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Blocks that one store has read and is about to merge, and that another expires meanwhile: it can
 * once the session is lost that held the turn of the first.
 */
@Timeout(90)
final class MergedAndExpiredTest {

  private static final long HOUR = 3_600_000_000L;
  private static final int HOURS = 32 * 24;
  private static final long SLOT = HOURS * HOUR;
  private static final long BEGIN = Numbered.NOON / SLOT * SLOT;
  private static final int SLOTS = 2;
  private static final String STORED = "SELECT sum(count) FROM latency_block";

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final FaultyDialect faulty = new FaultyDialect(new PostgresDialect());
  private final AtomicReference<@Nullable String> leftByRetention = new AtomicReference<>();

  /** One an hour in two slots of 32 days, and one afterwards; some with metadata. */
  private static List<LatencyMeasurement> measurements() {
    return LongStream.rangeClosed(0, SLOTS * HOURS)
        .mapToObj(
            n ->
                LatencyMeasurement.ofMicros(
                    BEGIN + n * HOUR, n, "component", "command", true, n % 7 == 0 ? "m" + n : null))
        .toList();
  }

  private String one(String sql) throws SQLException {
    return database.ask(sql).get(0);
  }

  private void loseTheTurn() throws Exception {
    String holders =
        " FROM pg_locks WHERE locktype = 'advisory' AND database ="
            + " (SELECT oid FROM pg_database WHERE datname = current_database())";
    assertThat(database.ask("SELECT pg_terminate_backend(pid)" + holders)).containsExactly("t");
    Await.until(
        "the turn is free",
        Duration.ofSeconds(10),
        () -> database.ask("SELECT pid" + holders).isEmpty());
  }

  private void expire(LatencyStore store, long before) throws SQLException {
    try {
      loseTheTurn();
      store.maintenance().applyRetention(stored -> Expiry.before(Micros.toInstant(before)));
      leftByRetention.set(one(STORED));
    } catch (Exception e) {
      throw new SQLException(e);
    }
  }

  @ParameterizedTest(name = "{0} hours")
  @ValueSource(ints = {12, HOURS})
  void whatExpiresWhileItIsMergedStaysGone(int hours) throws Exception {
    long cutoff = BEGIN + hours * HOUR;
    List<LatencyMeasurement> measurements = measurements();
    try (LatencyStore merging =
            SqlStoreProvider.open(
                LatencyStore.builder(database.url()).appendBatch(8).options(), faulty);
        LatencyStore expiring = LatencyStore.open(database.url())) {
      merging.append(measurements);
      faulty.at(
          Point.BEGIN_WRITE,
          arrival -> {
            if (arrival == 1) {
              expire(expiring, cutoff);
            }
          });

      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> merging.maintenance().compact())
          .withMessageContaining("maintain");

      assertThat(one(STORED)).isEqualTo(leftByRetention.get());
      assertUnexpired(merging, measurements.subList(hours, measurements.size()));
      assertThat(merging.maintenance().planCompaction().merged()).as("it went on").isZero();
      assertThat(one("SELECT to_regclass('latency_block_slot_" + BEGIN / SLOT + "') IS NULL"))
          .isEqualTo(hours == HOURS ? "t" : "f");
    }
  }

  private void assertUnexpired(LatencyStore store, List<LatencyMeasurement> measurements)
      throws SQLException {
    try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
      assertThat(all.toList().equals(measurements)).isTrue();
    }
    assertThat(
            one(
                "SELECT count(*) FROM latency_block_default WHERE first_ts < "
                    + (BEGIN + SLOTS * SLOT)))
        .isEqualTo("0");
    assertThat(
            one(
                "SELECT count(*) FROM latency_metadata WHERE block_id NOT IN (SELECT id FROM latency_block)"))
        .isEqualTo("0");
  }
}
