package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreIncompatibleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file with the tables of a host application and ours. */
final class SqliteSharedDatabaseTest {

  private static final String OURS = Integer.toString(SqliteStatements.APPLICATION_ID);

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("host.db");
  }

  private LatencyStore shared() {
    return LatencyStore.builder("sqlite:" + file).shareDatabase().open();
  }

  private void assertOursWorks(LatencyStore store) {
    long before = store.summarize(LatencyQuery.all()).count();
    store.append(Numbered.measurements(0, 10));
    assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(before + 10);
  }

  /** Runs the host's own migration with the host's own Flyway, history table and all. */
  private void migrateHost() throws IOException {
    Path migrations = Files.createDirectories(directory.resolve("migrations"));
    Files.writeString(
        migrations.resolve("V1__bookmarks.sql"),
        "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('mine');");
    Flyway.configure()
        .dataSource("jdbc:sqlite:" + file, "", "")
        .locations("filesystem:" + migrations)
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }

  private void assertHostWorks() throws Exception {
    assertThat(RawSql.row(file, "SELECT url FROM bookmarks")).containsExactly("mine");
    assertThat(
            RawSql.row(
                file,
                "SELECT count(*) FROM flyway_schema_history WHERE version = '1' AND success = 1"))
        .containsExactly("1");
  }

  @Test
  void aHostsTablesStayAsTheyAre() throws Exception {
    RawSql.execute(
        file,
        "PRAGMA application_id = 77",
        "CREATE TABLE bookmarks (url TEXT)",
        "INSERT INTO bookmarks VALUES ('mine')");

    try (LatencyStore store = shared()) {
      assertOursWorks(store);
    }

    assertThat(RawSql.row(file, "SELECT url FROM bookmarks")).containsExactly("mine");
    assertThat(RawSql.row(file, "PRAGMA application_id")).containsExactly("77");
  }

  @Test
  void onceSharedTheFileOpensWithoutSayingSoAgain() throws Exception {
    RawSql.execute(file, "CREATE TABLE bookmarks (url TEXT)");
    shared().close();

    try (LatencyStore store = LatencyStore.open("sqlite:" + file)) {
      assertOursWorks(store);
    }

    assertThat(RawSql.row(file, "PRAGMA application_id")).containsExactly("0");
  }

  @Test
  void theHostsFlywayMayHaveRunBefore() throws Exception {
    migrateHost();
    assertThatExceptionOfType(StoreIncompatibleException.class)
        .isThrownBy(() -> LatencyStore.open("sqlite:" + file));

    try (LatencyStore store = shared()) {
      assertOursWorks(store);
      assertThat(store.check().schemaVersion()).matches("\\d+");
    }

    assertHostWorks();
    migrateHost();
    assertHostWorks();
  }

  @Test
  void theHostsFlywayMayRunAfterwards() throws Exception {
    try (LatencyStore store = shared()) {
      assertOursWorks(store);
    }

    migrateHost();

    assertHostWorks();
    try (LatencyStore store = shared()) {
      assertOursWorks(store);
    }
  }

  @Test
  void theHostsFlywayMayRunWhileTheStoreIsOpen() throws Exception {
    try (LatencyStore store = shared()) {
      assertOursWorks(store);

      migrateHost();

      assertOursWorks(store);
    }
    assertHostWorks();
  }

  @Test
  void aFileOfOursIsMarkedAsOurs() throws Exception {
    LatencyStore.open("sqlite:" + file).close();

    assertThat(RawSql.row(file, "PRAGMA application_id")).containsExactly(OURS);
  }

  @Test
  void anEmptyDatabaseBecomesOurs() throws Exception {
    RawSql.execute(file, "PRAGMA user_version = 1");

    try (LatencyStore store = LatencyStore.open("sqlite:" + file)) {
      assertOursWorks(store);
    }

    assertThat(RawSql.row(file, "PRAGMA application_id")).containsExactly(OURS);
  }

  @Test
  void anEmptyFileBecomesOurs() throws Exception {
    Files.createFile(file);

    try (LatencyStore store = LatencyStore.open("sqlite:" + file)) {
      assertOursWorks(store);
    }

    assertThat(RawSql.row(file, "PRAGMA application_id")).containsExactly(OURS);
  }
}
