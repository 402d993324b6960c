package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.LatencySummary;
import io.latencystore.StoreCorruptException;
import io.latencystore.sql.Database;
import io.latencystore.sql.Database.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in a database file, and how connections to it are shaped. */
final class SqliteFileTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("latency.db");
  }

  private LatencyStore open() {
    return LatencyStore.open("sqlite:" + file);
  }

  @Test
  void aNewFileIsShapedForBlocks() throws Exception {
    open().close();

    assertThat(RawSql.row(file, "PRAGMA page_size")).containsExactly("8192");
    assertThat(RawSql.row(file, "PRAGMA auto_vacuum")).as("incremental").containsExactly("2");
    assertThat(RawSql.row(file, "PRAGMA journal_mode")).containsExactly("wal");
    assertThat(RawSql.row(file, "PRAGMA integrity_check")).containsExactly("ok");
    assertThat(RawSql.row(file, "SELECT group_concat(key) FROM latency_meta ORDER BY key"))
        .containsExactly("layout,store_id");
  }

  @ParameterizedTest
  @CsvSource({"false, 2", "true, 1"})
  void aWriterSyncsFullyUnlessRelaxed(boolean relaxed, String synchronous) throws Exception {
    LatencyStoreBuilder builder = LatencyStore.builder("sqlite:" + file);
    if (relaxed) {
      builder.relaxed();
    }
    try (Database database = new SqliteDialect().connect(builder.options());
        Connection writer = database.open(Role.WRITER)) {
      assertThat(RawSql.row(writer, "PRAGMA synchronous")).containsExactly(synchronous);
      assertThat(RawSql.row(writer, "PRAGMA journal_mode")).containsExactly("wal");
      assertThat(RawSql.row(writer, "PRAGMA busy_timeout")).containsExactly("10000");
      assertThat(RawSql.row(writer, "PRAGMA trusted_schema")).containsExactly("0");
      assertThat(RawSql.row(writer, "PRAGMA cell_size_check")).containsExactly("1");
      assertThat(RawSql.row(writer, "PRAGMA mmap_size")).containsExactly("0");
    }
  }

  @Test
  void aReaderCannotWrite() throws Exception {
    open().close();

    try (Database database =
            new SqliteDialect().connect(LatencyStore.builder("sqlite:" + file).options());
        Connection reader = database.open(Role.READER)) {
      assertThat(RawSql.row(reader, "PRAGMA query_only")).containsExactly("1");
      assertThatExceptionOfType(java.sql.SQLException.class)
          .isThrownBy(() -> RawSql.execute(reader, "DELETE FROM latency_meta"));
    }
  }

  @Test
  void openingAndAskingWritesNothing() throws Exception {
    try (LatencyStore store = open()) {
      store.append(Numbered.measurements(0, 100));
    }
    Snapshot before = Snapshot.of(directory);

    try (LatencyStore store = open()) {
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(100);
    }

    assertThat(Snapshot.of(directory)).isEqualTo(before);
  }

  @Test
  void afterACloseOnlyTheFileAndItsLockRemain() throws Exception {
    try (LatencyStore store = open()) {
      store.append(Numbered.measurements(0, 100));
      store.record(Numbered.measurement("other", 1));
    }

    assertThat(Snapshot.of(directory).entries())
        .containsOnlyKeys("", "latency.db", "latency.db.lock");
    assertThat(RawSql.row(file, "SELECT count(*) FROM latency_producer")).containsExactly("0");
  }

  @Test
  void aPathThatOthersMayReadStaysAsItIs() throws Exception {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));

    open().close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void theViewForOtherToolsAgreesWithTheSummaries() throws Exception {
    List<LatencyMeasurement> measurements = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      measurements.add(
          LatencyMeasurement.ofMicros(
              Numbered.NOON + i * 1_000_003L, i % 977, "c" + i % 3, "k", i % 10 > 0, null));
    }
    try (LatencyStore store = open()) {
      store.append(measurements);

      for (int i = 0; i < 3; i++) {
        LatencySummary summary = store.summarize(LatencyQuery.all().component("c" + i));
        List<String> row =
            RawSql.row(
                file,
                "SELECT sum(count), sum(CASE WHEN success THEN 0 ELSE count END), min(min_us),"
                    + " max(max_us), sum(mean_us * count), min(from_us), max(to_us)"
                    + " FROM latency_block_summary WHERE component = 'c"
                    + i
                    + "'");
        assertThat(row.subList(0, 4))
            .containsExactly(
                Long.toString(summary.count()),
                Long.toString(summary.errors()),
                Long.toString(summary.min().orElseThrow().toNanos() / 1_000),
                Long.toString(summary.max().orElseThrow().toNanos() / 1_000));
        assertThat(Double.parseDouble(row.get(4)))
            .isCloseTo(summary.sumMicros().doubleValue(), within(0.01));
        assertThat(Long.parseLong(row.get(5))).isEqualTo(measurements.get(i).timestampMicros());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum_us = sum_us + 1",
        "max_us = max_us + 1",
        "last_ts = last_ts + 1",
        "payload = substr(payload, 2)",
        "payload = x''",
        "encoding = 99",
      })
  void aBlockThatWasTamperedWithIsRefusedByName(String damage) throws Exception {
    try (LatencyStore store = open()) {
      long block = appendDamaged(store);
      RawSql.execute(file, "UPDATE latency_block SET " + damage + " WHERE id = " + block);

      assertBlockIsRefused(store, block);
    }
  }

  @Test
  void aFlippedBitOfAPayloadIsNoticed() throws Exception {
    try (LatencyStore store = open()) {
      long block = appendDamaged(store);
      try (Connection connection = RawSql.open(file);
          PreparedStatement update =
              connection.prepareStatement("UPDATE latency_block SET payload = ? WHERE id = ?");
          PreparedStatement select =
              connection.prepareStatement("SELECT payload FROM latency_block WHERE id = ?")) {
        byte[] payload = payload(select, block);
        for (int bit = 0; bit < 8 * payload.length; bit += 7) {
          byte[] flipped = payload.clone();
          flipped[bit / 8] ^= (byte) (1 << bit % 8);
          update.setBytes(1, flipped);
          update.setLong(2, block);
          update.executeUpdate();

          assertBlockIsRefused(store, block);
        }
      }
    }
  }

  private static byte[] payload(PreparedStatement select, long block) throws Exception {
    select.setLong(1, block);
    try (ResultSet row = select.executeQuery()) {
      assertThat(row.next()).isTrue();
      return row.getBytes(1);
    }
  }

  /** Appends two series; returns the only block of the one that is to be damaged. */
  private long appendDamaged(LatencyStore store) throws Exception {
    for (int i = 0; i < 40; i++) {
      store.record(Numbered.measurement("sound", i));
      store.record(Numbered.measurement("damaged", (long) i * i));
    }
    store.flush();
    List<String> row =
        RawSql.row(
            file,
            "SELECT max(b.id), count(*) FROM latency_block b JOIN latency_series s"
                + " ON s.id = b.series_id WHERE s.component = 'damaged'");
    assertThat(row.get(1)).isEqualTo("1");
    return Long.parseLong(row.get(0));
  }

  private void assertBlockIsRefused(LatencyStore store, long block) {
    LatencyQuery damaged = LatencyQuery.all().component("damaged");
    assertThatExceptionOfType(StoreCorruptException.class)
        .isThrownBy(() -> store.summarize(damaged))
        .withMessageContaining("block " + block + ":")
        .withMessageContaining(file.getFileName().toString());
    assertThatExceptionOfType(StoreCorruptException.class)
        .isThrownBy(() -> store.last(damaged, 1))
        .withMessageContaining("block " + block + ":");
    assertThat(store.summarize(LatencyQuery.all().component("sound")).count()).isEqualTo(40);
  }
}
