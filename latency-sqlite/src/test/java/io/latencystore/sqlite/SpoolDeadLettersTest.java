package io.latencystore.sqlite;

import static io.latencystore.sqlite.SpoolStores.assertBalanced;
import static io.latencystore.sqlite.SpoolStores.assertNumbered;
import static io.latencystore.sqlite.SpoolStores.eager;
import static io.latencystore.sqlite.SpoolStores.failure;
import static io.latencystore.sqlite.SpoolStores.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.FlushResult;
import io.latencystore.LatencyStore;
import io.latencystore.StoreException;
import io.latencystore.StoreState;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Measurements that the database refuses, where that is hard to note. */
@Timeout(120)
final class SpoolDeadLettersTest {

  private static final int IO = 10;

  @TempDir Path directory;

  private final FaultyDialect faulty = new FaultyDialect(new SqliteDialect());

  private Path file() {
    return directory.resolve("latency.db");
  }

  private Path deadLetters() {
    return SpoolStores.spools(file()).resolve("dead-letters.jsonl");
  }

  @BeforeEach
  void refuseASeries() throws SQLException {
    LatencyStore.open("sqlite:" + file()).close();
    RawSql.execute(
        file(),
        "CREATE TRIGGER refuse BEFORE INSERT ON latency_series WHEN NEW.component = 'poison'"
            + " BEGIN SELECT RAISE(ABORT, 'no such series'); END");
  }

  private void assertPutAside(int measurements) throws IOException {
    List<String> lines = Files.readAllLines(deadLetters());
    assertThat(lines).hasSize(measurements);
    assertThat(lines)
        .allSatisfy(
            line -> assertThat(line).contains("\"component\":\"poison\"", "no such series"));
  }

  @Test
  void whatIsRefusedOfADeadProcessIsPutAsideAndTheRestIsStored() throws Exception {
    LatencyStore dying = SpoolStores.open(eager(file()), faulty);
    faulty.at(Point.BEGIN_WRITE, FaultyDialect.always(failure(IO)));
    record(dying, "good", 0, 700);
    record(dying, "poison", 7, 8);
    record(dying, "good", 700, 40_000);
    record(dying, "poison", 9, 10);
    dying.close(Duration.ZERO);
    assertThat(dying.stats().pending()).isEqualTo(40_002);

    try (LatencyStore next = eager(file()).open()) {
      record(next, "own", 0, 1_000);
      SpoolStores.awaitAdoption(file());

      assertThat(next.flush()).isEqualTo(FlushResult.STORED);
      assertNumbered(next, "good", 40_000);
      assertNumbered(next, "own", 1_000);
      assertThat(next.stats().adopted()).isBetween(40_000L, 40_002L);
      assertBalanced(next.stats());
      assertThat(next.stats().state()).isEqualTo(StoreState.HEALTHY);
    }
    assertPutAside(2);
  }

  @Test
  void ownMeasurementsAreStoredWhileADeadProcessHasLeftWhatIsRefused() throws Exception {
    LatencyStore dying = SpoolStores.open(eager(file()), faulty);
    faulty.at(Point.BEGIN_WRITE, FaultyDialect.always(failure(IO)));
    record(dying, "poison", 7, 8);
    dying.close(Duration.ZERO);

    try (LatencyStore next = eager(file()).open()) {
      record(next, "own", 0, 1_000);

      assertThat(next.flush()).isEqualTo(FlushResult.STORED);
      assertNumbered(next, "own", 1_000);
      assertBalanced(next.stats());
    }
  }

  private static @Nullable FlushResult flush(LatencyStore store) {
    try {
      return store.flush(Duration.ofSeconds(2));
    } catch (StoreException e) {
      return null;
    }
  }

  @Test
  void whatCannotBePutAsideIsNotLost() throws Exception {
    Files.createDirectories(deadLetters().resolve("a-directory-in-its-place"));
    LatencyStore store = eager(file()).open();
    record(store, "good", 0, 500);
    record(store, "poison", 7, 8);
    record(store, "good", 500, 1_000);

    assertThat(flush(store)).isNotEqualTo(FlushResult.STORED);

    assertThat(store.stats().state()).isNotEqualTo(StoreState.HEALTHY);
    assertThat(store.stats().pending()).isPositive();
    assertThat(store.stats().totalDropped()).isZero();
    assertBalanced(store.stats());
    Files.delete(deadLetters().resolve("a-directory-in-its-place"));
    Files.delete(deadLetters());
    store.close(Duration.ofSeconds(5));
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      if (store.stats().pending() > 0) {
        SpoolStores.awaitAdoption(file());
      }
      assertNumbered(next, "good", 1_000);
    }
    assertPutAside(1);
  }

  @Test
  void theWriterGoesOnOnceItCanPutAsideAgain() throws Exception {
    Files.createDirectories(deadLetters());
    try (LatencyStore store = eager(file()).open()) {
      record(store, "poison", 7, 8);
      record(store, "good", 0, 1_000);
      assertThat(flush(store)).isNotEqualTo(FlushResult.STORED);

      Files.delete(deadLetters());

      Await.until("it goes on", Duration.ofSeconds(10), () -> store.stats().pending() == 0);
      assertNumbered(store, "good", 1_000);
      assertThat(store.stats().totalDropped()).isEqualTo(1);
      assertBalanced(store.stats());
    }
    assertPutAside(1);
  }
}
