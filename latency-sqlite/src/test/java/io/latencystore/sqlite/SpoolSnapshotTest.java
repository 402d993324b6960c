package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.testkit.Await;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is found in the files of a process that stood still at a random moment: all of them, as
 * after a crash, or with a write-ahead log of which the end is lost.
 */
@Timeout(120)
@EnabledOnOs({OS.LINUX, OS.MAC})
final class SpoolSnapshotTest {

  private static final int SNAPSHOTS = 4;

  @TempDir Path directory;
  private Path source;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final Random random = new Random(seed);

  @BeforeEach
  void makeTheSource() throws IOException {
    source = Files.createDirectory(directory.resolve("source"));
  }

  /** A copy of the files as they are at one moment, with what was acknowledged at that moment. */
  private Path snapshot(SpoolProcess process, int number) throws Exception {
    long before = process.acknowledged().total();
    long more = random.nextInt(20_000);
    Await.until(
        "it goes on",
        Duration.ofSeconds(30),
        () -> process.acknowledged().total() > before + more && isNamed());
    Path copy = directory.resolve("copy" + number);
    process.freeze();
    DiskImage.of(source, copy);
    process.thaw();
    return copy;
  }

  /** Whether the spool names its store; until then only a store at the same place adopts it. */
  private boolean isNamed() throws IOException {
    try (Stream<Path> files = Files.walk(source.resolve("latency.db.spool"))) {
      Path store = files.filter(file -> file.endsWith("store")).findFirst().orElse(null);
      return store != null && !Files.readString(store).startsWith("at ");
    }
  }

  private static LatencyStore openAndAdopt(Path copy) throws Exception {
    LatencyStore store = LatencyStore.open("sqlite:" + copy.resolve("latency.db"));
    Await.until(
        "the spool is adopted",
        Duration.ofSeconds(30),
        () -> {
          try (Stream<Path> spools = Files.list(copy.resolve("latency.db.spool"))) {
            return spools.count() == 1;
          }
        });
    return store;
  }

  @Test
  void everythingAcknowledgedIsInACopyOfAllFiles() throws Exception {
    try (SpoolProcess process =
        SpoolProcess.start(
            source, "record-for-ever", "sqlite:" + source.resolve("latency.db"), "p", 0)) {
      process.awaitReady();
      for (int i = 0; i < SNAPSHOTS; i++) {
        Path copy = snapshot(process, i);
        SpoolAcknowledged acknowledged =
            SpoolAcknowledged.in(copy.resolve("p.acknowledged"), SpoolChild.THREADS);
        try (LatencyStore store = openAndAdopt(copy)) {
          acknowledged.assertStored(
              "p", store.summarizeBySeries(LatencyQuery.all()), "seed " + seed);
        }
      }
    }
  }

  @Test
  void aLogThatLostItsEndGivesNothingTwiceAndNothingWrong() throws Exception {
    try (SpoolProcess process =
        SpoolProcess.start(
            source, "record-for-ever", "sqlite:" + source.resolve("latency.db"), "p", 0)) {
      process.awaitReady();
      for (int i = 0; i < SNAPSHOTS; i++) {
        Path copy = snapshot(process, i);
        try (RandomAccessFile log =
            new RandomAccessFile(copy.resolve("latency.db-wal").toFile(), "rw")) {
          log.setLength((long) (log.length() * random.nextDouble()));
        }
        try (LatencyStore store = openAndAdopt(copy)) {
          assertNothingTwice(store);
        }
        assertThat(RawSql.row(copy.resolve("latency.db"), "PRAGMA integrity_check"))
            .containsExactly("ok");
      }
    }
  }

  private void assertNothingTwice(LatencyStore store) {
    SortedMap<Series, LatencySummary> stored =
        new TreeMap<>(store.summarizeBySeries(LatencyQuery.all()));
    for (Series series : stored.keySet()) {
      try (Stream<LatencyMeasurement> all =
          store.stream(LatencyQuery.all().component(series.component()))) {
        List<Long> numbers = all.map(LatencyMeasurement::latencyMicros).toList();
        assertThat(numbers.stream().distinct().count())
            .as("%s, seed %d", series, seed)
            .isEqualTo(numbers.size());
      }
    }
  }
}
