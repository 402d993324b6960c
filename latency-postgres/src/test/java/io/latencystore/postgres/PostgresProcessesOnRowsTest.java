package io.latencystore.postgres;

import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/**
 * Ten processes that record into rows, for {@code -Dlatency.processSeconds}: they take the layout
 * they find.
 */
final class PostgresProcessesOnRowsTest extends PostgresProcessesTest {

  @BeforeEach
  void chooseRows() {
    LatencyStore.builder(database.url()).layout(StoreLayout.ROWS).open().close();
  }

  @Override
  Duration time() {
    return Duration.ofSeconds(Long.getLong("latency.processSeconds", 3));
  }
}
