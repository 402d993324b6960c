package io.latencystore.postgres;

/** Rows outlive a server that refuses them, too. */
final class ServerFaultsOnRowsTest extends ServerFaultsTest {

  @Override
  ProxiedDatabase newDatabase() {
    return super.newDatabase().withRows();
  }

  /** Not again: it waits for limits of time, and cuts around commits say as much of rows. */
  @Override
  void commitsThatWaitForAReplicaThatIsNotThereAreStoredOnce() {}
}
