package io.latencystore.sqlite;

import static io.latencystore.sqlite.SpoolStores.assertBalanced;
import static io.latencystore.sqlite.SpoolStores.eager;
import static io.latencystore.sqlite.SpoolStores.failure;
import static io.latencystore.sqlite.SpoolStores.record;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.policy.SyncPolicy;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a disk holds after a power cut: everything that was synced, and of what was written since
 * any part. Nothing that a flush acknowledged is missing, nothing is there twice, and nothing is
 * there that was never recorded.
 */
@Timeout(120)
final class SpoolPowerCutTest {

  private static final int SECTOR = 512;
  private static final int CELL = 32;
  private static final int IO = 10;
  private static final int IMAGES = Integer.getInteger("latency.images", 15);

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final Random random = new Random(seed);
  private int images;

  private Path newDirectory() {
    return directory.resolve("image" + images++);
  }

  /** Opens the store, which adopts the spool, and returns what is in it, in order. */
  private long[] adopted(DiskImage image, String component, String what) throws Exception {
    long[] numbers;
    try (LatencyStore store = LatencyStore.open("sqlite:" + image.database())) {
      if (Files.exists(SpoolStores.spools(image.database()))) {
        SpoolStores.awaitAdoption(image.database());
      }
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all().component(component))) {
        numbers =
            all.peek(
                    each ->
                        assertThat(each.timestampMicros())
                            .isEqualTo(Numbered.NOON + each.latencyMicros()))
                .mapToLong(LatencyMeasurement::latencyMicros)
                .toArray();
      }
      assertBalanced(store.stats(), what);
    }
    assertThat(RawSql.row(image.database(), "PRAGMA integrity_check"))
        .as(what)
        .containsExactly("ok");
    for (int i = 1; i < numbers.length; i++) {
      assertThat(numbers[i]).as("%s: nothing twice", what).isGreaterThan(numbers[i - 1]);
    }
    return numbers;
  }

  /** Asserts that the numbers from one to another are there. */
  private static void assertHolds(long[] numbers, long from, long to, String what) {
    int at = Arrays.binarySearch(numbers, from);
    assertThat(at).as("%s: number %d of %d", what, from, numbers.length).isNotNegative();
    assertThat(Arrays.copyOfRange(numbers, at, (int) Math.min(numbers.length, at + to - from)))
        .as("%s: from %d to %d", what, from, to)
        .isEqualTo(LongStream.range(from, to).toArray());
  }

  // The spool alone: the database takes nothing.

  /** A disk with what was synced, and of each sector written since either the old or the new. */
  private DiskImage mixed(DiskImage synced, DiskImage written) throws IOException {
    DiskImage mixed = DiskImage.of(synced.directory(), newDirectory());
    int share = random.nextInt(101);
    for (Path file : written.spooled("")) {
      Path target = mixed.directory().resolve(written.directory().relativize(file).toString());
      byte[] after = Files.readAllBytes(file);
      byte[] before = Files.exists(target) ? Files.readAllBytes(target) : new byte[0];
      if (before.length == 0 && random.nextInt(3) == 0) {
        continue;
      }
      int length = before.length + random.nextInt(after.length - before.length + 1);
      byte[] bytes = Arrays.copyOf(before, length);
      for (int at = 0; at < length; at += SECTOR) {
        if (random.nextInt(100) < share) {
          System.arraycopy(after, at, bytes, at, Math.min(SECTOR, length - at));
        }
      }
      Files.write(target, bytes);
    }
    return mixed;
  }

  @Test
  void whatASyncCoveredIsFoundWhateverBecameOfTheSectorsWrittenSince() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    Path file = source.resolve("latency.db");
    LatencyStore.open("sqlite:" + file).close();
    FaultyDialect faulty = new FaultyDialect(new SqliteDialect());
    long covered = 1L + random.nextInt(60_000);
    long last = covered + 1L + random.nextInt(40_000);
    DiskImage synced;
    DiskImage written;
    try (LatencyStore store = SpoolStores.open(eager(file).sync(SyncPolicy.everyFlush()), faulty)) {
      record(store, "c", 0, 10);
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      faulty.at(Point.BEGIN_WRITE, FaultyDialect.always(failure(IO)));
      record(store, "c", 10, covered);
      assertThat(store.flush()).isEqualTo(FlushResult.SPOOLED);
      Path spools = SpoolStores.spools(file);
      synced = spoolsOf(spools);
      record(store, "c", covered, last);
      record(store, "a-series-that-came-later", 0, 100);
      written = spoolsOf(spools);
      store.close(Duration.ZERO);
    }
    // The database was not written to since the first flush, and is closed now.
    for (DiskImage each : List.of(synced, written)) {
      Files.copy(file, each.database());
    }

    for (int i = 0; i < IMAGES; i++) {
      String what = "image " + i + ", seed " + seed;
      DiskImage image = mixed(synced, written);
      assertHolds(adopted(image, "c", what), 0, covered, what);
    }
    DiskImage torn = DiskImage.of(written.directory(), newDirectory());
    DiskImage.flip(torn.spooled("0.segment").get(0), DiskImage.PAGE + 20 * CELL + 8);
    long[] untorn = adopted(torn, "c", "a torn record");
    assertHolds(untorn, 21, last, "a torn record");
    assertThat(Arrays.binarySearch(untorn, 20)).as("the torn record").isNegative();
    try (Stream<Path> kept = Files.list(SpoolStores.spools(torn.database()))) {
      assertThat(kept.map(each -> each.getFileName().toString()))
          .as("kept for somebody to look at")
          .singleElement(as(STRING))
          .startsWith("damaged-");
    }
    assertHolds(adopted(written, "c", "everything"), 0, last, "everything");
  }

  private DiskImage spoolsOf(Path spools) throws IOException {
    Path target = Files.createDirectory(newDirectory());
    DiskImage.of(spools, target.resolve(spools.getFileName().toString()));
    return new DiskImage(target);
  }

  // The write-ahead log and the spool of a process that stands still.

  /** A copy of the files of a process, and the last number that a flush said is stored. */
  private record Stopped(DiskImage disk, long flushed) {}

  private Stopped stopSomewhere() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    try (SpoolProcess process =
        SpoolProcess.start(
            source,
            "record-and-flush-for-ever",
            "sqlite:" + source.resolve("latency.db"),
            "p",
            0)) {
      process.awaitReady();
      long wanted = 5_000L + random.nextInt(20_000);
      Await.until(
          "some is flushed", Duration.ofSeconds(30), () -> process.acknowledged().get(0) > wanted);
      process.freeze();
      DiskImage disk = DiskImage.of(source, newDirectory());
      process.kill();
      return new Stopped(
          disk,
          SpoolAcknowledged.in(disk.directory().resolve("p.acknowledged"), SpoolChild.THREADS)
              .get(0));
    }
  }

  private interface Damage {
    void strike(Path file, long at) throws IOException;
  }

  private static final List<Damage> DAMAGES =
      List.of(DiskImage::cut, DiskImage::zero, DiskImage::flip);

  private void strike(Path file, long at) throws IOException {
    DAMAGES.get(random.nextInt(DAMAGES.size())).strike(file, at);
  }

  /** Damages what nothing but the sync interval has synced: any page of any segment. */
  private void damageSpool(DiskImage image) throws IOException {
    for (Path segment : image.spooled(".segment")) {
      if (random.nextBoolean()) {
        int pages = (int) (Files.size(segment) / DiskImage.PAGE);
        strike(segment, (long) DiskImage.PAGE * random.nextInt(pages + 1));
      }
    }
  }

  private List<Long> someOf(List<Long> places) {
    List<Long> chosen = new ArrayList<>(places);
    while (chosen.size() > IMAGES) {
      chosen.remove(random.nextInt(chosen.size()));
    }
    return chosen;
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void whatAFlushStoredIsThereWhateverBecameOfTheSpoolAndTheEndOfTheLog() throws Exception {
    Stopped stopped = stopSomewhere();
    List<Long> commits = stopped.disk().commitEnds();
    long synced = commits.isEmpty() ? 0 : commits.get(commits.size() - 1);
    long length = Files.size(stopped.disk().log());
    for (int i = 0; i < IMAGES; i++) {
      String what = "image " + i + ", seed " + seed;
      DiskImage image = DiskImage.of(stopped.disk().directory(), newDirectory());
      if (length > synced) {
        strike(image.log(), synced + (long) ((length - synced) * random.nextDouble()));
      }
      damageSpool(image);

      assertHolds(adopted(image, SpoolChild.series("p", 0), what), 1, stopped.flushed() + 1, what);
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aLogThatEndsAtAnyFrameGivesNothingTwiceAndTheSpoolWhatItLacks() throws Exception {
    Stopped stopped = stopSomewhere();
    List<Long> ends = stopped.disk().frameEnds();
    long length = Files.size(stopped.disk().log());
    assertThat(ends).as("seed %d", seed).isNotEmpty();
    List<Long> places = new ArrayList<>(someOf(ends));
    for (int i = 0; i < IMAGES / 2; i++) {
      places.add((long) (length * random.nextDouble()));
    }
    for (long place : places) {
      String what = "damage at " + place + " of " + length + ", seed " + seed;
      DiskImage image = DiskImage.of(stopped.disk().directory(), newDirectory());
      strike(image.log(), place);
      if (random.nextBoolean()) {
        damageSpool(image);
      }

      assertThat(adopted(image, SpoolChild.series("p", 0), what)).as(what).isNotEmpty();
    }
  }
}
