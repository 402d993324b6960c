package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyStore;
import io.latencystore.store.SqlStoreProvider;
import io.latencystore.testkit.FaultyDialect;
import io.latencystore.testkit.StatementLog;
import io.latencystore.testkit.StatementLog.Question;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compaction asks is answered from the index on slots, or by the ids of blocks. */
final class CompactionPlansTest {

  @TempDir Path directory;

  @Test
  void noTableIsReadThrough() throws Exception {
    Path file = directory.resolve("plans.db");
    StatementLog log = new StatementLog();
    List<String> plans = new ArrayList<>();
    try (LatencyStore store =
        SqlStoreProvider.open(
            LatencyStore.builder("sqlite:" + file).relaxed().appendBatch(10).options(),
            new FaultyDialect(new SqliteDialect()).wrapping(log))) {
      store.append(CompactionChild.measurements("component", 1, 10_000));
      assertThat(log.of("latency_block")).isNotNull();

      store.maintenance().compact();

      try (Connection connection = RawSql.open(file)) {
        for (Question asked : log.of("latency_block")) {
          plans.add(String.join(" | ", asked.explain(connection, "EXPLAIN QUERY PLAN", "detail")));
        }
      }
    }

    assertThat(plans)
        .filteredOn(plan -> plan.contains("LIST SUBQUERY"))
        .as("looking for small blocks")
        .isNotEmpty()
        .allSatisfy(
            plan ->
                assertThat(plan)
                    .startsWith(
                        "SEARCH latency_block USING INDEX latency_block_slot (level=? AND slot=? AND series_id=?)")
                    .contains(
                        "SEARCH latency_block USING COVERING INDEX latency_block_slot (level=? AND slot>? AND slot<?)"));
    assertThat(plans)
        .filteredOn(plan -> plan.contains("latency_metadata"))
        .as("reading them")
        .isNotEmpty()
        .allSatisfy(
            plan ->
                assertThat(plan)
                    .startsWith("SEARCH latency_block USING INTEGER PRIMARY KEY (rowid=?)"));
    assertThat(plans)
        .as("everything else")
        .allSatisfy(
            plan ->
                assertThat(plan)
                    .doesNotContainPattern("SCAN latency_block(?! USING COVERING INDEX)"));
  }
}
