package io.latencystore.sqlite;

import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/** What becomes of measurements that are on their way into rows. */
final class SpoolFaultsOnRowsTest extends SpoolFaultsTest {

  @BeforeEach
  void chooseRows() {
    LatencyStore.builder(url()).layout(StoreLayout.ROWS).open().close();
  }

  /** What keeps a lock from being waited out does not depend on the layout. */
  @Override
  Duration locked() {
    return Duration.ofSeconds(5);
  }
}
