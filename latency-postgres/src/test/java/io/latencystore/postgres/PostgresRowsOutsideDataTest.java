package io.latencystore.postgres;

import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import io.latencystore.testkit.OutsideDataFacet;
import io.latencystore.testkit.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** Rows in PostgreSQL give the figures that other programs found. */
final class PostgresRowsOutsideDataTest implements OutsideDataFacet {

  private static final PostgresServer SERVER = PostgresServer.shared();
  private static final List<String> DATABASES = new ArrayList<>();

  @AfterAll
  static void dropDatabases() {
    DATABASES.forEach(SERVER::dropDatabase);
  }

  @Override
  public LatencyStore open(String set) {
    String url = SERVER.newDatabase();
    DATABASES.add(url);
    return LatencyStore.builder(url).layout(StoreLayout.ROWS).open();
  }
}
