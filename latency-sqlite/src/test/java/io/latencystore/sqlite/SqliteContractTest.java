package io.latencystore.sqlite;

import io.latencystore.sql.Dialect;
import io.latencystore.testkit.DurableStoreContract;
import io.latencystore.testkit.OpenFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A database in a file keeps the whole contract. */
class SqliteContractTest implements DurableStoreContract {

  @TempDir Path directory;

  @Override
  public Dialect dialect() {
    return new SqliteDialect();
  }

  @Override
  public String url() {
    return "sqlite:" + directory.resolve("contract.db");
  }

  @Override
  public List<String> stillOpen() {
    return OpenFiles.below(directory);
  }
}
