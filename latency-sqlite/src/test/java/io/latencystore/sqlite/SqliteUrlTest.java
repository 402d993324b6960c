package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.latencystore.LatencyStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A path is a path. */
final class SqliteUrlTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "sqlite:latency.db, latency.db",
    "jdbc:sqlite:latency.db, latency.db",
    "sqlite://latency.db, latency.db",
    "sqlite://some/where.db, some/where.db",
    "sqlite:some/../latency.db, latency.db",
    "sqlite:/srv/latency.db, /srv/latency.db",
    "jdbc:sqlite:/srv/latency.db, /srv/latency.db",
    "sqlite:///srv/latency.db, /srv/latency.db",
    "sqlite:///srv/%41.db, /srv/%41.db",
    "sqlite:/srv/a?mode=memory, /srv/a?mode=memory",
    "sqlite:./:memory:, ./:memory:",
    "sqlite:file:latency.db, file:latency.db",
  })
  void aUrlNamesAFile(String url, String file) {
    SqliteUrl parsed = SqliteUrl.parse(url);

    assertThat(parsed.isMemory()).isFalse();
    assertThat(parsed.path()).isEqualTo(Path.of(file).toAbsolutePath().normalize()).isAbsolute();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite::memory:", "jdbc:sqlite::memory:", "sqlite://:memory:"})
  void aUrlNamesMemory(String url) {
    assertThat(SqliteUrl.parse(url).isMemory()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "question?mark.db",
        "x.db?enable_load_extension=true",
        "x.db?mode=memory",
        "x.db?immutable=1",
        "hash#mark.db",
        "percent%41%2F%00.db",
        "semi;colon=1.db",
        "&ampersand&.db",
        " spaces around .db ",
        "quote'\"quote.db",
        "x:resource:y",
        "file:x.db?cache=shared",
        "中文 \uD83D\uDE00.db",
        "back\\slash.db",
        "line\nbreak.db",
        "-option.db",
        "~",
        "[glob]*.db"
      })
  void aNameMeansItself(String name) throws Exception {
    Path file = directory.resolve(name);

    try (LatencyStore store = LatencyStore.open("sqlite:" + file)) {
      store.append(Numbered.measurements(0, 3));

      assertThat(store.check().location()).isEqualTo(file.toRealPath().toString());
    }

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(found -> found.getFileName().toString()))
          .containsExactlyInAnyOrder(name, name + ".lock");
    }
    assertThat(RawSql.row(file, "SELECT sum(count) FROM latency_block")).containsExactly("3");
  }

  @Test
  void aResourceOrAnyOtherNameThatBeginsWithAColonIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyStore.open("sqlite::resource:http://host/x.db"))
        .withMessageContaining(":resource:")
        .withMessageContaining("sqlite:./");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite:", "jdbc:sqlite:", "sqlite://", "sqlite:  "})
  void aUrlWithoutAFileIsRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyStore.open(url))
        .withMessageContaining("names no file")
        .withMessageContaining("sqlite:latency.db");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void anEmptyUrlIsRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyStore.open(url))
        .withMessageContaining("empty");
  }

  @Test
  void aNulInAPathIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyStore.open("sqlite:" + directory + "/a\0b.db"))
        .withMessageContaining("a\\0b.db");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aRelativePathIsMadeAbsoluteWhenOpened() throws Exception {
    Path relative = Path.of("").toAbsolutePath().relativize(directory.toRealPath());

    try (LatencyStore store = LatencyStore.open("sqlite:" + relative.resolve("latency.db"))) {
      assertThat(store.check().location())
          .isEqualTo(directory.toRealPath().resolve("latency.db").toString());
    }
  }

  @Test
  void aLinkLeadsToItsFile() throws Exception {
    Path file = directory.resolve("latency.db");
    LatencyStore.open("sqlite:" + file).close();
    Path link = Files.createSymbolicLink(directory.resolve("link.db"), file);

    try (LatencyStore direct = LatencyStore.open("sqlite:" + file);
        LatencyStore linked = LatencyStore.open("sqlite:" + link)) {
      linked.append(Numbered.measurements(0, 3));

      assertThat(direct.check().location()).isEqualTo(linked.check().location());
    }
    assertThat(directory.resolve("link.db-wal")).doesNotExist();
    assertThat(directory.resolve("link.db.lock")).doesNotExist();
  }
}
