package io.latencystore.sqlite;

import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import org.junit.jupiter.api.BeforeEach;

/** What was acknowledged is stored once in rows, too: the processes take the layout they find. */
final class SpoolKillOnRowsTest extends SpoolKillTest {

  @BeforeEach
  void chooseRows() {
    LatencyStore.builder(url()).layout(StoreLayout.ROWS).open().close();
  }

  /** Looking at millions of rows takes longest, and what survives a kill is the spool. */
  @Override
  int kills() {
    return super.kills() / 2;
  }
}
