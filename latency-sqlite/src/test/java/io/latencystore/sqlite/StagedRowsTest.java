package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.StoreLayout;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many rows at once get into a file by way of an image, and lie there as any others do. */
final class StagedRowsTest {

  private static final Comparator<LatencyMeasurement> ORDER =
      Comparator.comparing(LatencyMeasurement::timestamp)
          .thenComparing(LatencyMeasurement::component)
          .thenComparing(LatencyMeasurement::command)
          .thenComparing(LatencyMeasurement::latency)
          .thenComparing(LatencyMeasurement::success)
          .thenComparing(measurement -> String.valueOf(measurement.metadata()));

  @TempDir Path directory;

  private final long seed = new SecureRandom().nextLong();
  private final Random random = new Random(seed);

  private Path file() {
    return directory.resolve("rows.db");
  }

  private LatencyStoreBuilder builder() {
    return LatencyStore.builder("sqlite:" + file()).layout(StoreLayout.ROWS).appendBatch(1_000_000);
  }

  /** Of any number of bits, so that every length of a number is there. */
  private long any() {
    return random.nextLong() >> random.nextInt(Long.SIZE);
  }

  private LatencyMeasurement measurement(int metadataOneIn) {
    return LatencyMeasurement.ofMicros(
        any(),
        any() & Long.MAX_VALUE,
        "component " + random.nextInt(3),
        "command " + random.nextInt(30),
        random.nextBoolean(),
        random.nextInt(metadataOneIn) == 0 ? "ü€𝄞".repeat(random.nextInt(1_800)) : null);
  }

  private List<LatencyMeasurement> measurements(int count, int metadataOneIn) {
    return Stream.generate(() -> measurement(metadataOneIn)).limit(count).toList();
  }

  private List<String> ask(String sql) throws SQLException {
    List<String> answers = new ArrayList<>();
    try (Connection connection = RawSql.open(file());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        answers.add(rows.getString(1));
      }
    }
    return answers;
  }

  private void assertStored(LatencyStore store, List<LatencyMeasurement> expected)
      throws SQLException {
    try (Stream<LatencyMeasurement> found = store.stream(LatencyQuery.all())) {
      assertThat(found.sorted(ORDER).toList().equals(expected.stream().sorted(ORDER).toList()))
          .as("seed %s", seed)
          .isTrue();
    }
    assertThat(ask("PRAGMA integrity_check")).as("seed %s", seed).containsExactly("ok");
    String each = "SELECT count(*) || ' ' || sum(id) || ' ' || sum(ts % 1000) FROM latency_event ";
    assertThat(ask(each + "INDEXED BY latency_event_time WHERE ts IS NOT NULL"))
        .isEqualTo(ask(each + "NOT INDEXED"));
  }

  @ParameterizedTest
  @ValueSource(ints = {999, 1_000, 1_001, 2_500, 20_000, 200_000})
  void whatIsInsertedAtOnceIsThere(int count) throws SQLException {
    List<LatencyMeasurement> first = measurements(count, count);
    List<LatencyMeasurement> second = measurements(count, 100 + count / 100);
    try (LatencyStore store = builder().open()) {
      store.append(first);
      store.append(second);

      assertStored(store, Stream.concat(first.stream(), second.stream()).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 3_000, 20_000})
  void nothingIsLeftOfTheMoreThatWereInsertedBefore(int count) throws SQLException {
    List<LatencyMeasurement> more = measurements(30_000, 300);
    List<LatencyMeasurement> fewer = measurements(count, 100);
    try (LatencyStore store = builder().open()) {
      store.append(more);
      store.append(fewer);

      assertStored(store, Stream.concat(more.stream(), fewer.stream()).toList());
    }
  }

  @Test
  void rowsWithMuchMetadataEachAreThere() throws SQLException {
    List<LatencyMeasurement> all = measurements(3_000, 1);
    try (LatencyStore store = builder().open()) {
      store.append(all);

      assertStored(store, all);
    }
  }

  @Test
  void aDatabaseInMemoryTakesThemToo() {
    try (LatencyStore store =
        LatencyStore.builder("sqlite::memory:").layout(StoreLayout.ROWS).open()) {
      store.append(measurements(5_000, 100));
      store.append(measurements(5_000, 100));

      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(10_000);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX mine ON latency_event (latency_us)",
        "CREATE TRIGGER mine AFTER INSERT ON latency_event BEGIN SELECT 1; END",
        "DROP INDEX latency_event_time; CREATE INDEX latency_event_time ON latency_event (series_id)"
      })
  void tablesThatWereChangedAreFilledRowByRow(String change) throws SQLException {
    builder().open().close();
    RawSql.execute(file(), change);
    try (LatencyStore store = builder().open()) {
      store.append(measurements(2_000, 1_000));

      assertThat(ask("PRAGMA integrity_check")).containsExactly("ok");
      assertThat(ask("SELECT count(*) FROM latency_event")).containsExactly("2000");
    }
  }

  @Test
  void aDatabaseInAnotherEncodingTakesThemToo() throws SQLException {
    RawSql.execute(file(), "PRAGMA encoding = 'UTF-16'; CREATE TABLE theirs (a TEXT)");
    List<LatencyMeasurement> all = measurements(2_000, 10);
    try (LatencyStore store = builder().shareDatabase().open()) {
      store.append(all);

      assertStored(store, all);
    }
  }

  @Test
  void idsAreNotTakenTwice() throws SQLException {
    builder().open().close();
    try (LatencyStore store = builder().open()) {
      store.append(measurements(1, 10));
      RawSql.execute(file(), "UPDATE latency_event SET id = " + (Long.MAX_VALUE - 10));
      store.append(measurements(2_000, 1_000));

      assertThat(ask("SELECT count(DISTINCT id) FROM latency_event")).containsExactly("2001");
    }
  }

  @Test
  void sqliteCopiesTableAndIndexAsTheyAre() throws SQLException {
    builder().open().close();
    try (Connection connection = RawSql.open(file());
        Statement statement = connection.createStatement()) {
      statement.execute("ATTACH ':memory:' AS " + SqliteStatements.STAGED);
      for (String sql : SqliteStatements.createEvents(SqliteStatements.STAGED)) {
        statement.execute(sql);
      }
      List<String> steps = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery("EXPLAIN " + SqliteStatements.INSERT_ATTACHED)) {
        while (rows.next()) {
          steps.add(rows.getString("opcode"));
        }
      }

      assertThat(steps).contains("RowCell", "RowData").doesNotContain("MakeRecord", "Column");
    }
  }
}
