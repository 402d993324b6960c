package io.latencystore.sqlite;

import static io.latencystore.sqlite.SpoolStores.assertBalanced;
import static io.latencystore.sqlite.SpoolStores.assertNumbered;
import static io.latencystore.sqlite.SpoolStores.eager;
import static io.latencystore.sqlite.SpoolStores.failure;
import static io.latencystore.sqlite.SpoolStores.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.FlushResult;
import io.latencystore.LatencyStore;
import io.latencystore.StoreState;
import io.latencystore.StoreStats;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commits of what was recorded that throw, before they took effect and after, with the codes of a
 * lock, an error of the system, a full disk, a file that may only be read, a damaged file and a
 * constraint.
 */
@Timeout(60)
final class SpoolCommitTest {

  private static final int BUSY = 5;
  private static final int READ_ONLY = 8;
  private static final int IO = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CONSTRAINT = 19;

  @TempDir Path directory;

  private final FaultyDialect faulty = new FaultyDialect(new SqliteDialect());

  private Path file() {
    return directory.resolve("latency.db");
  }

  private LatencyStore openAndStoreSome() {
    LatencyStore store = SpoolStores.open(eager(file()), faulty);
    record(store, "c", 0, 1_000);
    assertThat(store.flush()).isEqualTo(FlushResult.STORED);
    return store;
  }

  private void assertEverythingIsStoredOnce(LatencyStore store, long count) {
    assertThat(store.flush()).isEqualTo(FlushResult.STORED);
    assertNumbered(store, "c", count);
    StoreStats stats = store.stats();
    assertThat(stats.committed()).as("%s", stats).isEqualTo(count);
    assertThat(stats.totalDropped()).isZero();
    assertThat(stats.state()).isEqualTo(StoreState.HEALTHY);
    assertBalanced(stats);
    assertThat(Files.exists(SpoolStores.spools(file()).resolve("dead-letters.jsonl"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {BUSY, READ_ONLY, IO, CORRUPT, FULL, CONSTRAINT})
  void oneThatThrowsBeforeItTookEffectIsRepeated(int code) {
    try (LatencyStore store = openAndStoreSome()) {
      faulty.at(Point.BEFORE_COMMIT, FaultyDialect.nth(2, failure(code)));

      record(store, "c", 1_000, 3_000);

      assertEverythingIsStoredOnce(store, 3_000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {BUSY, READ_ONLY, IO, CORRUPT, FULL, CONSTRAINT})
  void oneThatThrowsAfterItTookEffectIsNotRepeated(int code) {
    try (LatencyStore store = openAndStoreSome()) {
      faulty.at(Point.AFTER_COMMIT, FaultyDialect.first(3, failure(code)));

      record(store, "c", 1_000, 3_000);

      assertEverythingIsStoredOnce(store, 3_000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {BUSY, READ_ONLY, IO, CORRUPT, FULL, CONSTRAINT})
  void oneThatTookEffectUnheardCountsAsCommitted(int code) {
    try (LatencyStore store = openAndStoreSome()) {
      faulty
          .at(Point.AFTER_COMMIT, FaultyDialect.nth(1, failure(code)))
          .at(Point.BEGIN_READ, FaultyDialect.nth(1, failure(code)));

      record(store, "c", 1_000, 3_000);

      assertEverythingIsStoredOnce(store, 3_000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {BUSY, READ_ONLY, IO, CORRUPT, FULL, CONSTRAINT})
  void oneThatTookEffectWhileNobodyAnswersForLongIsNotRepeated(int code) {
    try (LatencyStore store = openAndStoreSome()) {
      faulty
          .at(Point.AFTER_COMMIT, FaultyDialect.first(2, failure(code)))
          .at(Point.BEGIN_READ, FaultyDialect.first(3, failure(code)));

      record(store, "c", 1_000, 3_000);

      assertEverythingIsStoredOnce(store, 3_000);
    }
  }
}
