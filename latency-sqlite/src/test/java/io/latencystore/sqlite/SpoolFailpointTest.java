package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.testkit.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the next open finds after a process died at a chosen place. */
@Timeout(120)
final class SpoolFailpointTest {

  @TempDir Path directory;

  private String url() {
    return "sqlite:" + directory.resolve("latency.db");
  }

  private SpoolProcess start(String verb, String name, int number, String haltAt) throws Exception {
    return SpoolProcess.start(
        directory, verb, url(), name, number, "-Dio.latencystore.haltAt=" + haltAt);
  }

  private void assertStoredExactly(SpoolProcess process, String name) throws Exception {
    SortedMap<Series, LatencySummary> stored = SpoolProcess.adopted(directory);
    process.assertStored(stored);
    for (int thread = 0; thread < SpoolChild.THREADS; thread++) {
      long acknowledged = process.acknowledged().get(thread);
      LatencySummary summary = stored.get(new Series(SpoolChild.series(name, thread), "command"));
      assertThat(summary == null ? 0 : summary.count()).isEqualTo(acknowledged);
    }
    assertThat(SpoolProcess.adopted(directory)).as("and the next finds the same").isEqualTo(stored);
  }

  @Test
  void betweenClaimAndPublishTheHoleIsSkipped() throws Exception {
    try (SpoolProcess process = start("claim-beside-others", "p", 2_000, "claimed")) {
      process.awaitHalt();

      process.assertStored(SpoolProcess.adopted(directory));
      assertThat(process.acknowledged().get(0)).isZero();
      assertThat(process.acknowledged().get(1)).isGreaterThanOrEqualTo(2_000);
      assertThat(process.acknowledged().get(2)).isGreaterThanOrEqualTo(2_000);
    }
  }

  @Test
  void betweenTheFirstAndTheLastCellOfARecordItIsSkipped() throws Exception {
    try (SpoolProcess process = start("record-and-flush", "p", 2_000, "pending")) {
      process.awaitHalt();

      assertThat(process.acknowledged().get(0)).isEqualTo(60);
      assertStoredExactly(process, "p");
    }
  }

  @Test
  void betweenCommitAndRecyclingNothingIsStoredTwice() throws Exception {
    try (SpoolProcess process = start("record-and-flush", "p", 100_000, "committed")) {
      process.awaitHalt();

      process.assertStored(SpoolProcess.adopted(directory));
      process.assertStored(SpoolProcess.adopted(directory));
    }
  }

  @Test
  void betweenCommitAndRecyclingOfAllThatWasFlushedNothingIsStoredTwice() throws Exception {
    try (SpoolProcess process = start("record-and-flush", "p", 400, "committed")) {
      process.awaitHalt();

      process.assertStored(SpoolProcess.adopted(directory));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"removing", "emptied", "forgotten"})
  void whileTheSpoolOfACleanCloseGoesNothingIsStoredTwice(String place) throws Exception {
    try (SpoolProcess process = start("record-and-close", "p", 2_000, place)) {
      process.awaitHalt();

      assertThat(process.acknowledged().get(0)).isEqualTo(2_000);
      assertStoredExactly(process, "p");
      assertNoProducerIsRemembered();
    }
  }

  /** The row used to stay for ever if the process died between removing the spool and the row. */
  @ParameterizedTest
  @ValueSource(strings = {"removing", "emptied", "forgotten"})
  void whileAnOrphanGoesNothingIsStoredTwice(String place) throws Exception {
    try (SpoolProcess dead = start("record-and-flush", "p", 400, "committed");
        SpoolProcess adopting = adoptingAfter(dead, place)) {
      adopting.awaitHalt();

      dead.assertStored(SpoolProcess.adopted(directory));
      assertNoProducerIsRemembered();
    }
  }

  private SpoolProcess adoptingAfter(SpoolProcess dead, String place) throws Exception {
    dead.awaitHalt();
    return start("only-open", "adopting", 0, place);
  }

  private void assertNoProducerIsRemembered() throws Exception {
    Path file = directory.resolve("latency.db");
    assertThat(RawSql.row(file, "SELECT count(*) FROM latency_producer")).containsExactly("0");
  }

  @Test
  void betweenTheSegmentsOfAnOrphanTheNextGoesOn() throws Exception {
    LatencyStore.open(url()).close();
    try (SpoolProcess dead = start("record-for-ever-lazily", "dead", 0, "nowhere");
        Connection connection = RawSql.open(directory.resolve("latency.db"))) {
      dead.awaitReady();
      RawSql.execute(connection, "BEGIN IMMEDIATE");
      Await.until(
          "several segments are filled",
          Duration.ofSeconds(60),
          () -> dead.acknowledged().total() > 150_000);
      dead.kill();
      RawSql.execute(connection, "ROLLBACK");

      for (int i = 0; i < 3; i++) {
        try (SpoolProcess adopting = start("only-open", "adopting" + i, 0, "adopted")) {
          adopting.awaitHalt();
        }
      }

      SortedMap<Series, LatencySummary> stored = SpoolProcess.adopted(directory);
      dead.assertStored(stored);
    }
  }
}
