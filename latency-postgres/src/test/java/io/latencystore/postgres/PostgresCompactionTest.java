package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.CompactionReport;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.store.SqlStoreProvider;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.StatementLog;
import io.latencystore.testkit.StatementLog.Question;
import java.sql.Connection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Merged blocks lie in the partitions that those lay in which they were made of. */
final class PostgresCompactionTest {

  private static final long HOUR = 3_600_000_000L;
  private static final long SLOT = 32 * 24 * HOUR;
  private static final long BEGIN = Numbered.NOON / SLOT * SLOT;
  private static final int SLOTS = 4;

  @RegisterExtension final TestDatabase database = new TestDatabase();

  /** Ten an hour in four slots of 32 days, and one afterwards. */
  private static List<LatencyMeasurement> measurements() {
    return LongStream.rangeClosed(0, SLOTS * 32 * 24 * 10)
        .mapToObj(
            n ->
                LatencyMeasurement.ofMicros(
                    BEGIN + n * HOUR / 10, n, "component", "command", true, null))
        .toList();
  }

  @Test
  void everyBlockStaysInItsPartition() throws Exception {
    List<LatencyMeasurement> measurements = measurements();
    try (LatencyStore store = LatencyStore.builder(database.url()).appendBatch(20).open()) {
      store.append(measurements);
      String partitions =
          "SELECT tableoid::regclass || ' ' || sum(count) FROM latency_block GROUP BY tableoid ORDER BY 1";
      List<String> before = database.ask(partitions);

      CompactionReport report = store.maintenance().compact();

      assertThat(report.fewer()).as("of 1,536 blocks").isGreaterThan(1_390);
      assertThat(database.ask(partitions)).isEqualTo(before);
      assertThat(
              database.ask(
                  "SELECT count(*) FROM latency_block WHERE level <= 2 AND last_ts / "
                      + SLOT
                      + " <> first_ts / "
                      + SLOT))
          .as("blocks that would keep their partition from being dropped")
          .containsExactly("0");
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all.toList().equals(measurements)).isTrue();
      }
    }
  }

  @Test
  void smallBlocksAreLookedForInOnePartition() throws Exception {
    StatementLog log = new StatementLog();
    try (LatencyStore store =
        SqlStoreProvider.open(
            LatencyStore.builder(database.url()).appendBatch(50).options(),
            new FaultyDialect(new PostgresDialect()).wrapping(log))) {
      store.append(measurements());
      database.execute("ANALYZE latency.latency_block");
      assertThat(log.of("latency_block")).isNotNull();

      store.maintenance().planCompaction();

      List<Question> looks =
          log.of("latency_block").stream()
              .filter(question -> question.sql().contains("octet_length"))
              .toList();
      assertThat(looks).isNotEmpty();
      try (Connection connection = database.connect()) {
        for (Question look : looks.subList(0, 20)) {
          assertThat(String.join("\n", look.explain(connection, "EXPLAIN", "QUERY PLAN")))
              .containsPattern("latency_block_slot_\\d+")
              .satisfies(
                  plan ->
                      assertThat(
                              Pattern.compile("on (latency_block_slot_\\d+) ")
                                  .matcher(plan)
                                  .results()
                                  .map(found -> found.group(1))
                                  .distinct())
                          .as("partitions in %s", plan)
                          .hasSize(1));
        }
      }
    }
  }
}
