package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.StoreStats;
import io.latencystore.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What processes recorded that are killed, {@code -Dlatency.kills} of them. Each thread of theirs
 * says outside the store how far it got.
 */
class SpoolKillTest {

  private static final int KILLS = Integer.getInteger("latency.kills", 20);
  private static final List<String> VERBS =
      List.of(
          "record-for-ever",
          "record-for-ever-at-once",
          "record-for-ever",
          "record-for-ever-lazily");

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final Random random = new Random(seed);
  private final List<SpoolProcess> processes = new ArrayList<>();

  String url() {
    return "sqlite:" + file();
  }

  private Path file() {
    return directory.resolve("latency.db");
  }

  private SpoolProcess start(String verb) throws Exception {
    SpoolProcess process =
        SpoolProcess.start(directory, verb, url(), "process" + processes.size(), 0);
    processes.add(process);
    return process;
  }

  /** Opens the store, which adopts everything, and looks. */
  private void assertEverythingIsStoredOnce() throws Exception {
    try (LatencyStore store = LatencyStore.open(url())) {
      Await.until(
          "every spool is adopted, seed " + seed, Duration.ofSeconds(60), () -> spools() == 1);
      SortedMap<Series, LatencySummary> stored = store.summarizeBySeries(LatencyQuery.all());

      for (SpoolProcess process : processes) {
        process.close();
        process.assertStored(stored, "seed " + seed);
      }
      StoreStats stats = store.stats();
      assertThat(stats.adopted()).isEqualTo(stats.committed());
      assertThat(
              Integer.parseInt(RawSql.row(file(), "SELECT count(*) FROM latency_producer").get(0)))
          .as("the rows of the dead are gone, seed %d", seed)
          .isZero();
    }
    assertThat(Files.exists(directory.resolve("latency.db.spool"))).isFalse();
    assertThat(RawSql.row(file(), "PRAGMA integrity_check")).containsExactly("ok");
  }

  private long spools() throws Exception {
    try (Stream<Path> spools = Files.list(directory.resolve("latency.db.spool"))) {
      return spools.count();
    }
  }

  int kills() {
    return KILLS;
  }

  @Test
  void whatWasAcknowledgedIsStoredOnceHoweverManyProcessesAreKilledAtAnyMoment() throws Exception {
    List<SpoolProcess> alive = new ArrayList<>();
    for (int killed = 0; killed < kills(); ) {
      int together = 2 + 2 * random.nextInt(2);
      while (alive.size() < together) {
        alive.add(start(VERBS.get(processes.size() % VERBS.size())));
      }
      Collections.shuffle(alive, random);
      SpoolProcess victim = alive.remove(0);
      if (random.nextInt(5) > 0) {
        victim.awaitReady();
      }
      victim.killAfter(Duration.ofMillis(1 + random.nextInt(400)));
      killed++;
    }
    for (SpoolProcess survivor : alive) {
      survivor.kill();
    }

    assertEverythingIsStoredOnce();
    assertThat(processes.stream().mapToLong(each -> each.acknowledged().total()).sum())
        .as("seed %d", seed)
        .isGreaterThan(1_000L * kills());
  }

  @Test
  void whatWasAcknowledgedWhileAnotherProcessHeldTheLockIsStoredOnce() throws Exception {
    LatencyStore.open(url()).close();
    try (Connection connection = RawSql.open(file())) {
      RawSql.execute(connection, "BEGIN IMMEDIATE");
      SpoolProcess first = start("record-for-ever");
      SpoolProcess second = start("record-for-ever-at-once");
      first.awaitReady();
      second.awaitReady();
      Await.until(
          "more than a segment is recorded",
          Duration.ofSeconds(30),
          () -> first.acknowledged().total() > 100_000);

      first.kill();
      second.kill();

      RawSql.execute(connection, "ROLLBACK");
    }
    assertEverythingIsStoredOnce();
  }

  @Test
  void whatIsRecordedFirstWhileTheDatabaseIsMadeSurvivesTheEndOfTheProcess() throws Exception {
    for (int i = 0; i < 3; i++) {
      Path own = Files.createDirectory(directory.resolve("new" + i));
      String database = "sqlite:" + own.resolve("latency.db");
      try (SpoolProcess process =
          SpoolProcess.start(own, "record-one-and-halt", database, "p", 0)) {
        process.awaitHalt();

        assertThat(process.acknowledged().get(0)).isEqualTo(1);
        assertThat(Files.exists(own.resolve("latency.db")))
            .as("the database is made after that")
            .isFalse();
        try (LatencyStore store = LatencyStore.open(database)) {
          SpoolStores.awaitAdoption(own.resolve("latency.db"));
          process.assertStored(store.summarizeBySeries(LatencyQuery.all()));
        }
      }
    }
  }
}
