package io.latencystore.postgres;

/** Rows are stored once, too, however often the connection is cut. */
final class ConnectionCutsOnRowsTest extends ConnectionCutsTest {

  @Override
  ProxiedDatabase newDatabase() {
    return super.newDatabase().withRows();
  }

  /** After each cut all rows are read. */
  @Override
  int cuts() {
    return super.cuts() / 10;
  }
}
