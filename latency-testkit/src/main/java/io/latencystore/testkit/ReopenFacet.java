package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What one store wrote, another reads. */
interface ReopenFacet extends StoreFixture {

  @Test
  default void whatWasStoredIsThereWhenOpenedAgain() {
    try (LatencyStore store = open()) {
      store.append(numbered(0, 100));
      store.record(Sample.withMetadata(NOON + 100, "{}"));
    }

    try (LatencyStore again = open();
        Stream<LatencyMeasurement> all = again.stream(LatencyQuery.all())) {
      assertThat(all).hasSize(101).contains(Sample.withMetadata(NOON + 100, "{}"));
      assertThat(again.stats().committed()).as("of this store alone").isZero();
    }
  }

  @Test
  default void theIdentityOfTheDataStaysTheSame() {
    String id;
    String version;
    try (LatencyStore store = open()) {
      id = store.check().storeId();
      version = store.check().schemaVersion();
    }

    try (LatencyStore again = open()) {
      assertThat(again.check().storeId()).isEqualTo(id);
      assertThat(again.check().schemaVersion()).isEqualTo(version);
    }
  }

  @Test
  default void twoStoresOnOneDatabaseSeeWhatTheOtherFlushed() {
    try (LatencyStore one = open();
        LatencyStore two = open()) {
      one.append(numbered(0, 10));
      two.recorder("other", "series").record(NOON, 1);
      two.flush();

      assertThat(two.summarize(LatencyQuery.all()).count()).isEqualTo(11);
      assertThat(one.summarize(LatencyQuery.all()).count()).isEqualTo(11);
      assertThat(one.summarizeByComponent(LatencyQuery.all()).keySet())
          .containsExactly("editor", "other");
      assertThat(one.series()).isEqualTo(two.series());
    }
  }

  @Test
  default void closingOneOfTwoStoresLeavesTheOtherOpen() {
    try (LatencyStore one = open()) {
      LatencyStore two = open();
      two.append(numbered(0, 10));
      two.close();

      assertThat(one.append(numbered(10, 20))).isEqualTo(10);
      assertThat(one.summarize(LatencyQuery.all()).count()).isEqualTo(20);
    }
  }
}
