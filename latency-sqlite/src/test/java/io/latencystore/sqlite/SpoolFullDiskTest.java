package io.latencystore.sqlite;

import static io.latencystore.sqlite.SpoolStores.assertBalanced;
import static io.latencystore.sqlite.SpoolStores.assertNothingTwice;
import static io.latencystore.sqlite.SpoolStores.assertNumbered;
import static io.latencystore.sqlite.SpoolStores.eager;
import static io.latencystore.sqlite.SpoolStores.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.StoreLayout;
import io.latencystore.StoreOverloadedException;
import io.latencystore.StoreState;
import io.latencystore.StoreUnavailableException;
import io.latencystore.policy.OverflowPolicy;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.sql.Database;
import io.latencystore.sql.Dialect;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.FaultyDialect.Point;
import io.latencystore.testkit.OpenFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full under the database, and then under the spool too. Those tests whose name says
 * so need a small disk of their own, which only root may mount; they are skipped without.
 */
@Timeout(120)
class SpoolFullDiskTest {

  private static final Duration RESUMES = Duration.ofSeconds(10);
  private static final int MANY = 200_000;
  private static final int IO = 10;

  @TempDir Path directory;

  private boolean mounted;

  StoreLayout layout() {
    return StoreLayout.BLOCKS;
  }

  /** How large the disk is. */
  String size() {
    return "16m";
  }

  private void makeTables(Path file) {
    LatencyStore.builder("sqlite:" + file).layout(layout()).open().close();
  }

  private Path disk() {
    return directory.resolve("disk");
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void mountADisk() throws Exception {
    Files.createDirectory(disk());
    mounted = run("mount", "-t", "tmpfs", "-o", "size=" + size(), "tmpfs", disk().toString());
    assumeTrue(
        mounted, "a disk of " + size() + " cannot be mounted here: that takes root on Linux");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      // What was mapped stays so while the process lives; the disk goes with the last of it.
      assertThat(run("umount", "--lazy", disk().toString())).isTrue();
    }
  }

  private Path onDisk() {
    return disk().resolve("latency.db");
  }

  private Path ballast() {
    return disk().resolve("ballast");
  }

  /** Writes until there is no room. */
  private void fillDisk() throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast())) {
      for (byte[] page = new byte[4_096]; ; ) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(disk().toFile().getUsableSpace()).as("%s", e).isZero();
    }
  }

  private LatencyStoreBuilder small(Path file) {
    return eager(file)
        .layout(layout())
        .spoolLimit(4 << 20)
        .overflow(OverflowPolicy.dropNewest())
        .retry(RetryPolicy.exponential(Duration.ofMillis(50), Duration.ofSeconds(5)));
  }

  /** Asserts that it goes on by itself, and that everything is there that was not dropped. */
  private static void assertResumes(LatencyStore store, long recorded, long dropped)
      throws Exception {
    Await.until("it goes on by itself", RESUMES, () -> store.stats().pending() == 0);
    assertThat(store.flush()).isEqualTo(FlushResult.STORED);
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    assertBalanced(store.stats());
    assertThat(store.stats().totalDropped()).isEqualTo(dropped);
    assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(recorded - dropped);
    assertNothingTwice(store, "c", "");
    record(store, "after", 0, MANY / 4);
    assertThat(store.flush()).isEqualTo(FlushResult.STORED);
    assertNumbered(store, "after", MANY / 4);
    assertBalanced(store.stats());
  }

  private void assertTheDiskIsOutlived(LatencyStore store) throws Exception {
    record(store, "c", 0, 1_000);
    assertThat(store.flush()).isEqualTo(FlushResult.STORED);
    fillDisk();

    record(store, "c", 1_000, 11_000);
    assertThat(store.flush(Duration.ofSeconds(20))).isEqualTo(FlushResult.SPOOLED);
    assertThat(store.stats().state()).isEqualTo(StoreState.SPOOLING);
    assertThat(store.stats().totalDropped()).isZero();
    assertBalanced(store.stats());
    assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(11_000);

    record(store, "c", 11_000, MANY);
    long dropped = store.stats().totalDropped();
    assertThat(dropped).as("the spool has no room either").isBetween(1L, MANY - 11_000L);
    assertBalanced(store.stats());

    Files.delete(ballast());
    assertResumes(store, MANY, dropped);
  }

  @Test
  void databaseAndSpoolOnOneDiskThatRootMounted() throws Exception {
    mountADisk();
    try (LatencyStore store = small(onDisk()).open()) {
      assertTheDiskIsOutlived(store);
    }
    assertThat(Files.exists(SpoolStores.spools(onDisk()))).isFalse();
    assertThat(RawSql.row(onDisk(), "PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void aRecorderThatAskedForItIsToldOnADiskThatRootMounted() throws Exception {
    mountADisk();
    try (LatencyStore store = small(onDisk()).overflow(OverflowPolicy.fail()).open()) {
      record(store, "c", 0, 1_000);
      store.flush();
      fillDisk();

      assertThatExceptionOfType(StoreOverloadedException.class)
          .isThrownBy(() -> record(store, "c", 1_000, MANY));

      assertBalanced(store.stats());
      assertThat(store.stats().totalDropped()).isEqualTo(1);
      Files.delete(ballast());
      Await.until("it goes on by itself", RESUMES, () -> store.stats().pending() == 0);
      assertNumbered(store, "c", store.stats().recorded() - 1);
    }
  }

  @Test
  void aProcessThatDiesOnAFullDiskThatRootMountedLosesNothing() throws Exception {
    mountADisk();
    makeTables(onDisk());
    try (SpoolProcess dying =
        SpoolProcess.start(directory, "record-for-ever-lazily", "sqlite:" + onDisk(), "dying", 0)) {
      dying.awaitReady();
      Await.until(
          "some is recorded", Duration.ofSeconds(30), () -> dying.acknowledged().total() > 1_000);
      fillDisk();
      Await.until(
          "more is recorded", Duration.ofSeconds(30), () -> dying.acknowledged().total() > 20_000);
      dying.kill();

      Files.delete(ballast());

      try (LatencyStore store = LatencyStore.open("sqlite:" + onDisk())) {
        SpoolStores.awaitAdoption(onDisk());
        dying.assertStored(store.summarizeBySeries(LatencyQuery.all()));
      }
    }
  }

  @Test
  void aSeriesWhoseNameFoundNoRoomOnADiskThatRootMountedHarmsNoLaterOne() throws Exception {
    mountADisk();
    FaultyDialect faulty = new FaultyDialect(new SqliteDialect());
    try (LatencyStore store = SpoolStores.open(small(onDisk()), faulty)) {
      record(store, "c", 0, 100);
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      faulty.at(Point.BEGIN_WRITE, FaultyDialect.always(SpoolStores.failure(IO)));
      fillDisk();
      store.record(
          LatencyMeasurement.ofMicros(
              Numbered.NOON, 1, "long", "select ".repeat(2_000), true, null));
      assertThat(store.stats().totalDropped()).isEqualTo(1);
      Files.delete(ballast());
      record(store, "late", 0, 100);
      store.close(Duration.ZERO);
      assertThat(store.stats().pending()).isEqualTo(100);
    }

    try (LatencyStore next = LatencyStore.open("sqlite:" + onDisk())) {
      SpoolStores.awaitAdoption(onDisk());
      assertNumbered(next, "late", 100);
    }
  }

  private void assertOpeningFailsAndLeavesNothingBehind(String... parts) throws Exception {
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> small(onDisk()).open())
        .satisfies(e -> assertThat(e).hasMessageContainingAll(parts));

    assertThat(OpenFiles.below(disk())).isEmpty();
    Files.delete(ballast());
    try (LatencyStore store = small(onDisk()).open()) {
      record(store, "c", 0, 1_000);
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
    }
    assertThat(Files.exists(SpoolStores.spools(onDisk()))).isFalse();
  }

  @Test
  void openingOnAFullDiskThatRootMountedSaysSoAndLeavesNothingBehind() throws Exception {
    mountADisk();
    makeTables(onDisk());
    fillDisk();

    assertOpeningFailsAndLeavesNothingBehind(disk().toString());
  }

  @Test
  void openingOnADiskThatRootMountedWithoutRoomForASpoolSaysSoAndLeavesNothingBehind()
      throws Exception {
    mountADisk();
    makeTables(onDisk());
    Path reserve = Files.write(disk().resolve("reserve"), new byte[512 << 10]);
    fillDisk();
    Files.delete(reserve);

    assertOpeningFailsAndLeavesNothingBehind(disk().toString(), "free some space");
  }

  // A database that may not grow, which SQLite takes for a full disk.

  private volatile long maxPages = Integer.MAX_VALUE;

  /** The dialect of databases whose writers may have only so many pages. */
  private Dialect limited() {
    SqliteDialect dialect = new SqliteDialect();
    return as(
        Dialect.class,
        dialect,
        (name, result) -> name.equals("connect") ? limited((Database) result) : result);
  }

  private Database limited(Database database) {
    return as(
        Database.class,
        database,
        (name, result) -> {
          if (name.equals("open")) {
            RawSql.execute((Connection) result, "PRAGMA max_page_count = " + maxPages);
          }
          return result;
        });
  }

  private interface Afterwards {
    Object of(String method, Object result) throws Exception;
  }

  /** Does what something does, and something more with what its methods return. */
  private static <T> T as(Class<T> type, T target, Afterwards afterwards) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return afterwards.of(method.getName(), method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Test
  void aDatabaseThatMayNotGrowAndThenASpoolThatMayNot() throws Exception {
    Path file = directory.resolve("latency.db");
    makeTables(file);
    maxPages = Long.parseLong(RawSql.row(file, "PRAGMA page_count").get(0)) + 2;
    try (LatencyStore store = SpoolStores.open(small(file), new FaultyDialect(limited()))) {
      record(store, "c", 0, 20_000);
      assertThat(store.flush(Duration.ofSeconds(20))).isEqualTo(FlushResult.SPOOLED);
      assertThat(store.stats().totalDropped()).isZero();
      assertBalanced(store.stats());
      record(store, "c", 20_000, MANY);
      long dropped = store.stats().totalDropped();
      assertThat(dropped).as("the spool has no room either").isBetween(1L, MANY - 20_000L);
      assertBalanced(store.stats());
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(MANY - dropped);

      maxPages = Integer.MAX_VALUE;

      assertResumes(store, MANY, dropped);
    }
    assertThat(Files.exists(SpoolStores.spools(file))).isFalse();
    assertThat(RawSql.row(file, "PRAGMA integrity_check")).containsExactly("ok");
  }
}
