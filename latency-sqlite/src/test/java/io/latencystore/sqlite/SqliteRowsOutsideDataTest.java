package io.latencystore.sqlite;

import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import io.latencystore.testkit.OutsideDataFacet;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Rows in SQLite give the figures that other programs found. */
final class SqliteRowsOutsideDataTest implements OutsideDataFacet {

  @TempDir static Path directory;

  @Override
  public LatencyStore open(String set) {
    return LatencyStore.builder("sqlite:" + directory.resolve(set + ".db"))
        .layout(StoreLayout.ROWS)
        .open();
  }
}
