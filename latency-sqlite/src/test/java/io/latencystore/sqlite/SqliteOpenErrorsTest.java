package io.latencystore.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.latencystore.LatencyStore;
import io.latencystore.StoreCorruptException;
import io.latencystore.StoreException;
import io.latencystore.StoreIncompatibleException;
import io.latencystore.StoreUnavailableException;
import io.latencystore.store.SqlStoreProvider;
import io.latencystore.testkit.FaultyDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be opened is named with its reason and a remedy, and left as it was. */
final class SqliteOpenErrorsTest {

  @TempDir Path directory;

  private void assertRefused(
      Path file, Class<? extends StoreException> type, String... partsOfMessage)
      throws IOException {
    Snapshot before = Snapshot.of(directory);

    assertThatThrownBy(() -> LatencyStore.open("sqlite:" + file))
        .isInstanceOf(type)
        .hasMessageContaining(file.getFileName().toString())
        .satisfies(e -> assertThat(e.getMessage()).contains(partsOfMessage));

    assertThat(Snapshot.of(directory)).isEqualTo(before);
  }

  @Test
  void aMissingDirectory() throws IOException {
    assertRefused(
        directory.resolve("missing/latency.db"),
        StoreUnavailableException.class,
        "directory",
        "does not exist",
        "create it");
  }

  @Test
  void aDirectoryInPlaceOfTheFile() throws IOException {
    Path file = Files.createDirectory(directory.resolve("latency.db"));

    assertRefused(file, StoreUnavailableException.class, "is a directory", "name a file");
  }

  @Test
  void aFileInPlaceOfTheDirectory() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");

    assertRefused(
        file.resolve("latency.db"), StoreUnavailableException.class, "is not a directory");
  }

  @Test
  void aDanglingLink() throws IOException {
    Path link = directory.resolve("latency.db");
    Files.createSymbolicLink(link, directory.resolve("elsewhere.db"));

    assertRefused(link, StoreUnavailableException.class, "link", "nowhere", "remove or mend it");
  }

  @Test
  void aLinkInACircle() throws IOException {
    Path link = directory.resolve("latency.db");
    Files.createSymbolicLink(link, directory.resolve("other.db"));
    Files.createSymbolicLink(directory.resolve("other.db"), link);

    assertRefused(link, StoreUnavailableException.class, "link", "circle", "remove or mend it");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 99, 100, 5_000, 100_000})
  void aTextFile(int length) throws IOException {
    Path file = Files.writeString(directory.resolve("notes.txt"), "x".repeat(length));

    assertRefused(
        file,
        StoreIncompatibleException.class,
        "is not an SQLite database",
        "not changed",
        "name another file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "WAL"})
  void anotherApplicationsDatabase(String journal) throws Exception {
    Path file = directory.resolve("other.db");
    RawSql.execute(file, "PRAGMA journal_mode = " + journal, "CREATE TABLE bookmarks (url TEXT)");

    assertRefused(
        file,
        StoreIncompatibleException.class,
        "another application",
        "bookmarks",
        "not changed",
        "shareDatabase()");
  }

  @Test
  void anotherApplicationsDatabaseThatIsInUse() throws Exception {
    Path file = directory.resolve("other.db");
    try (Connection host = RawSql.open(file)) {
      RawSql.execute(host, "PRAGMA journal_mode = WAL", "CREATE TABLE bookmarks (url TEXT)");

      assertThatThrownBy(() -> LatencyStore.open("sqlite:" + file))
          .isInstanceOf(StoreIncompatibleException.class)
          .hasMessageContaining("bookmarks");

      RawSql.execute(host, "INSERT INTO bookmarks VALUES ('still mine')");
      assertThat(Snapshot.of(directory).entries())
          .containsOnlyKeys("", "other.db", "other.db-shm", "other.db-wal");
    }
    assertThat(RawSql.row(file, "SELECT url FROM bookmarks")).containsExactly("still mine");
  }

  @Test
  void aDatabaseThatAnotherApplicationMarkedAsItsOwn() throws Exception {
    Path file = directory.resolve("other.db");
    RawSql.execute(file, "PRAGMA application_id = 1196444487", "PRAGMA user_version = 1");

    assertRefused(
        file,
        StoreIncompatibleException.class,
        "another application",
        "application_id",
        "1196444487",
        "shareDatabase()");
  }

  @Test
  void aDamagedHeader() throws Exception {
    Path file = stored();
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 16, 100, (byte) 0x5a);
    Files.write(file, bytes);

    assertRefused(
        file, StoreIncompatibleException.class, "is not an SQLite database", "not changed");
  }

  @Test
  void aDamagedSchema() throws Exception {
    Path file = stored();
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 100, 4_000, (byte) 0x5a);
    Files.write(file, bytes);

    assertRefused(file, StoreCorruptException.class, "damaged", "restore a backup");
  }

  @Test
  void aFileThatWasCutOff() throws Exception {
    Path file = stored();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, 8_192 + 100));

    assertRefused(file, StoreCorruptException.class, "damaged", "restore a backup");
  }

  /** A database of ours with something in it. */
  private Path stored() {
    Path file = directory.resolve("latency.db");
    try (LatencyStore store = LatencyStore.open("sqlite:" + file)) {
      store.append(Numbered.measurements(0, 10));
    }
    return file;
  }

  @Test
  void aNewerSchema() throws Exception {
    Path file = directory.resolve("latency.db");
    FaultyDialect newer =
        new FaultyDialect(new SqliteDialect())
            .alsoMigrating("io/latencystore/testkit/migrations/V9000__one_more_table.sql");
    SqlStoreProvider.open(LatencyStore.builder("sqlite:" + file).options(), newer).close();

    assertRefused(
        file,
        StoreIncompatibleException.class,
        "version 9000",
        "newer",
        "nothing was changed",
        "Use the newer library");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0444 file", "0000 file", "0555 directory", "new file, 0555 directory"})
  void whatThisUserMayNotUse(String kind) throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root may read and write anything");
    Path inside = Files.createDirectory(directory.resolve("inside"));
    Path file = inside.resolve("latency.db");
    if (!kind.startsWith("new")) {
      LatencyStore.open("sqlite:" + file).close();
    }
    boolean ofDirectory = kind.endsWith("directory");
    Path restricted = ofDirectory ? inside : file;
    String mode = ofDirectory ? "r-xr-xr-x" : kind.startsWith("0444") ? "r--r--r--" : "---------";
    Files.setPosixFilePermissions(restricted, PosixFilePermissions.fromString(mode));
    try {
      assertRefused(file, StoreUnavailableException.class, "this user");
    } finally {
      Files.setPosixFilePermissions(restricted, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aUrlOfNoDialect() {
    assertThatThrownBy(() -> LatencyStore.open("oracle://scott:tiger@host/db"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("oracle:")
        .hasMessageContaining("sqlite:PATH")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("tiger"));
  }

  @Test
  void aFileThatWasRefusedMayBeReplacedAndOpened() throws Exception {
    Path file = Files.writeString(directory.resolve("latency.db"), "text");
    assertRefused(file, StoreIncompatibleException.class, "not an SQLite database");

    Files.delete(file);

    try (LatencyStore store = LatencyStore.open("sqlite:" + file)) {
      assertThat(store.append(Numbered.measurements(0, 3))).isEqualTo(3);
    }
    assertThat(new String(Files.readAllBytes(file), 0, 15, UTF_8)).isEqualTo("SQLite format 3");
  }
}
