package io.latencystore.postgres;

import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.sql.Dialect;
import io.latencystore.testkit.DurableStoreContract;
import io.latencystore.testkit.OpenFiles;
import io.latencystore.testkit.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A database on a server keeps the whole contract. */
class PostgresContractTest implements DurableStoreContract {

  private static final PostgresServer SERVER = PostgresServer.shared();

  private static String url = "";

  @TempDir Path directory;

  @BeforeAll
  static void createDatabase() {
    url = SERVER.newDatabase();
  }

  @AfterEach
  void emptyDatabase() {
    SERVER.emptyDatabase(url);
  }

  @AfterAll
  static void dropDatabase() {
    SERVER.dropDatabase(url);
  }

  @Override
  public Dialect dialect() {
    return new PostgresDialect();
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public String password() {
    return SERVER.password();
  }

  @Override
  public LatencyStoreBuilder builder() {
    return LatencyStore.builder(url).spoolDirectory(directory.resolve("latency.spool"));
  }

  @Override
  public List<String> stillOpen() {
    return Stream.concat(OpenFiles.below(directory).stream(), SERVER.connections(url).stream())
        .toList();
  }
}
