package io.latencystore.testkit;

import static io.latencystore.testkit.FaultyDialect.always;
import static io.latencystore.testkit.Sample.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.DropReason;
import io.latencystore.FlushResult;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreState;
import io.latencystore.StoreStats;
import io.latencystore.StoreUnavailableException;
import io.latencystore.testkit.FaultyDialect.Point;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a store does whose spool is in memory when the database fails: it says what is not safe. */
public interface MemorySpoolFacet extends StoreFixture {

  @Test
  default void aFlushSaysThatTheDatabaseFailsAndWorksOnceItIsBack() throws Exception {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, builder -> builder)) {
      faulty.at(Point.BEGIN_WRITE, always(new SQLException("injected fault")));
      numbered(0, 10).forEach(store::record);

      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.flush(Duration.ofMillis(200)))
          .withMessageContaining("10 measurements")
          .withMessageContaining("injected fault");
      Await.until(
          "the state tells",
          Duration.ofSeconds(5),
          () -> store.stats().state() == StoreState.RETRYING);
      assertThat(store.stats().pending()).isEqualTo(10);
      faulty.heal();

      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertThat(store.last(LatencyQuery.all(), 100)).hasSize(10);
    }
  }

  @Test
  default void aCloseThatCannotStoreSaysHowMuchIsLost() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    LatencyStore store = open(faulty, builder -> builder);
    faulty.at(Point.BEGIN_WRITE, always(new SQLException("injected fault")));
    numbered(0, 10).forEach(store::record);

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> store.close(Duration.ofMillis(200)))
        .withMessageContaining("10 measurements");

    assertThat(store.stats())
        .isEqualTo(
            new StoreStats(
                StoreState.CLOSED,
                10,
                0,
                0,
                0,
                0,
                Map.of(DropReason.LOST_AT_CLOSE, 10L),
                Map.of()));
  }
}
