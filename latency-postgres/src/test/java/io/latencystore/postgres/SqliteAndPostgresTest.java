package io.latencystore.postgres;

import io.latencystore.LatencyStore;
import io.latencystore.testkit.SameAnswersFacet;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SQLite and PostgreSQL give the same answers. */
final class SqliteAndPostgresTest implements SameAnswersFacet {

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @Override
  public LatencyStore openOne() {
    return LatencyStore.open("sqlite::memory:");
  }

  @Override
  public LatencyStore openOther() {
    return LatencyStore.open(database.url());
  }
}
