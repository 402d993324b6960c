package io.latencystore.postgres;

import io.latencystore.StoreLayout;

/** A database on a server keeps the whole contract with a row for each measurement, too. */
final class PostgresRowsContractTest extends PostgresContractTest {

  @Override
  public StoreLayout layout() {
    return StoreLayout.ROWS;
  }
}
