package io.latencystore.postgres;

/** What becomes of measurements on their way into rows while the server cannot be reached. */
final class OutageOnRowsTest extends OutageTest {

  @Override
  ProxiedDatabase newDatabase() {
    return super.newDatabase().withRows();
  }
}
