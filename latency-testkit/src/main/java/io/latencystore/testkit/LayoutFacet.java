package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreIncompatibleException;
import io.latencystore.StoreLayout;
import io.latencystore.store.SqlStoreProvider;
import org.junit.jupiter.api.Test;

/** The layout is chosen once. */
interface LayoutFacet extends StoreFixture {

  private StoreLayout other() {
    return layout() == StoreLayout.ROWS ? StoreLayout.BLOCKS : StoreLayout.ROWS;
  }

  private LatencyStore openWithoutLayout() {
    return SqlStoreProvider.open(builder().options(), dialect());
  }

  @Test
  default void theLayoutOfTheFirstOpenHoldsForEveryLaterOne() {
    try (LatencyStore first = open()) {
      first.append(numbered(0, 300));
    }

    try (LatencyStore again = openWithoutLayout()) {
      assertThat(again.check().layout()).isEqualTo(layout().text());
      again.append(numbered(300, 310));
      assertThat(again.last(LatencyQuery.all(), 1_000))
          .containsExactlyInAnyOrderElementsOf(numbered(0, 310));
    }
  }

  @Test
  default void anEmptyDatabaseGetsBlocksUnlessToldOtherwise() {
    try (LatencyStore store = openWithoutLayout()) {
      assertThat(store.check().layout()).isEqualTo("blocks");
    }
  }

  @Test
  default void openingWithTheOtherLayoutIsRefusedAndSaysSo() {
    try (LatencyStore first = open()) {
      first.append(numbered(0, 10));
    }

    assertThatExceptionOfType(StoreIncompatibleException.class)
        .isThrownBy(() -> open(builder -> builder.layout(other())))
        .withMessageContaining("keeps " + layout().text() + ", not " + other().text())
        .withMessageContaining("latency copy");

    try (LatencyStore again = open()) {
      assertThat(again.summarize(LatencyQuery.all()).count()).isEqualTo(10);
    }
  }
}
