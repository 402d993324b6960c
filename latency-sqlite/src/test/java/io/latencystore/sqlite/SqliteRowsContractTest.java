package io.latencystore.sqlite;

import io.latencystore.StoreLayout;

/** A database in a file keeps the whole contract with a row for each measurement, too. */
final class SqliteRowsContractTest extends SqliteContractTest {

  @Override
  public StoreLayout layout() {
    return StoreLayout.ROWS;
  }
}
