package io.latencystore.cli;

import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import io.latencystore.testkit.PostgresServer;
import io.latencystore.testkit.SameAnswersFacet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * SQLite and PostgreSQL give the same answers, from blocks and from rows. It is here since this is
 * where both are at hand.
 */
class SqliteAndPostgresTest implements SameAnswersFacet {

  private static final PostgresServer SERVER = PostgresServer.shared();

  private String url = "";

  @BeforeEach
  void createDatabase() {
    url = SERVER.newDatabase();
  }

  @AfterEach
  void dropDatabase() {
    SERVER.dropDatabase(url);
  }

  @Override
  public List<LatencyStore> openAll() {
    return List.of(
        LatencyStore.open("sqlite::memory:"),
        LatencyStore.open(url),
        LatencyStore.builder("sqlite::memory:").layout(StoreLayout.ROWS).open(),
        LatencyStore.builder(url).schema("latency_rows").layout(StoreLayout.ROWS).open());
  }
}
