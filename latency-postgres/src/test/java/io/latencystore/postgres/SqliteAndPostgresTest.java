package io.latencystore.postgres;

import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import io.latencystore.testkit.SameAnswersFacet;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SQLite and PostgreSQL give the same answers, from blocks and from rows. */
final class SqliteAndPostgresTest implements SameAnswersFacet {

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @Override
  public List<LatencyStore> openAll() {
    return List.of(
        LatencyStore.open("sqlite::memory:"),
        LatencyStore.open(database.url()),
        LatencyStore.builder("sqlite::memory:").layout(StoreLayout.ROWS).open(),
        LatencyStore.builder(database.url())
            .schema("latency_rows")
            .layout(StoreLayout.ROWS)
            .open());
  }
}
