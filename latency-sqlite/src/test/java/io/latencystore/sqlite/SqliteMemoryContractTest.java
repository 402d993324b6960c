package io.latencystore.sqlite;

import io.latencystore.sql.Dialect;
import io.latencystore.testkit.MemorySpoolFacet;
import io.latencystore.testkit.StoreContract;
import java.util.List;

/**
 * A database in memory keeps the contract of databases that end with their store: it cannot be
 * opened again or twice, and has one connection.
 */
final class SqliteMemoryContractTest implements StoreContract, MemorySpoolFacet {

  @Override
  public Dialect dialect() {
    return new SqliteDialect();
  }

  @Override
  public String url() {
    return "sqlite::memory:";
  }

  @Override
  public List<String> stillOpen() {
    return List.of();
  }
}
