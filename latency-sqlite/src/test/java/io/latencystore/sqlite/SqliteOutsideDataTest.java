package io.latencystore.sqlite;

import io.latencystore.LatencyStore;
import io.latencystore.testkit.OutsideDataFacet;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** SQLite gives the figures that other programs found. */
final class SqliteOutsideDataTest implements OutsideDataFacet {

  @TempDir static Path directory;

  @Override
  public LatencyStore open(String set) {
    return LatencyStore.open("sqlite:" + directory.resolve(set + ".db"));
  }
}
