package io.latencystore.postgres;

import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import org.junit.jupiter.api.BeforeEach;

/** What becomes of measurements on their way into rows whose commit fails. */
final class CommitErrorsOnRowsTest extends CommitErrorsTest {

  @BeforeEach
  void chooseRows() {
    LatencyStore.builder(database.url()).layout(StoreLayout.ROWS).open().close();
  }
}
