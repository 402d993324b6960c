package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What lists and streams give of a set small enough to write down. */
interface ListFacet extends StoreFixture {

  @Test
  default void manyMeasurementsOfOneMomentComeWhole() {
    List<LatencyMeasurement> together =
        LongStream.range(0, 3_000).mapToObj(n -> Sample.of(NOON, n)).toList();
    List<LatencyMeasurement> around = List.of(Sample.of(NOON - 1, 7), Sample.of(NOON + 1, 8));
    try (LatencyStore store = open()) {
      store.append(together);
      store.append(around);

      List<LatencyMeasurement> last = store.last(LatencyQuery.all(), 1_000);

      assertThat(last.get(0)).isEqualTo(around.get(1));
      assertThat(last.subList(1, 1_000)).isEqualTo(together.subList(0, 999));
      assertThat(store.last(LatencyQuery.all(), 4_000))
          .hasSize(3_002)
          .endsWith(around.get(0))
          .containsAll(together);
    }
  }

  @Test
  default void lastIsOrderedByTimeThenContentWhateverTheOrderOfInsertion() {
    List<LatencyMeasurement> expected =
        List.of(
            LatencyMeasurement.ofMicros(NOON + 1, 9, "z", "z", true, null),
            LatencyMeasurement.ofMicros(NOON, 5, "a", "a", true, null),
            LatencyMeasurement.ofMicros(NOON, 1, "a", "b", true, null),
            LatencyMeasurement.ofMicros(NOON, 1, "b", "a", true, null),
            LatencyMeasurement.ofMicros(NOON, 2, "b", "a", false, null),
            LatencyMeasurement.ofMicros(NOON, 2, "b", "a", true, null),
            LatencyMeasurement.ofMicros(NOON, 2, "b", "a", true, ""),
            LatencyMeasurement.ofMicros(NOON, 2, "b", "a", true, "\uFFFD"),
            LatencyMeasurement.ofMicros(NOON, 2, "b", "a", true, "\uD83D\uDE00"),
            LatencyMeasurement.ofMicros(NOON, 3, "b", "a", false, null),
            LatencyMeasurement.ofMicros(NOON - 1, 0, "a", "a", true, null));
    List<LatencyMeasurement> shuffled = new ArrayList<>(expected);
    Collections.shuffle(shuffled, new Random(7));
    try (LatencyStore store = open(builder -> builder.appendBatch(3))) {
      store.append(shuffled);

      assertThat(store.last(LatencyQuery.all(), 100)).containsExactlyElementsOf(expected);
      assertThat(store.last(LatencyQuery.all(), 6))
          .containsExactlyElementsOf(expected.subList(0, 6));
      assertThat(store.last(LatencyQuery.all().component("b").failures(), 1))
          .containsExactly(expected.get(4));
      assertThat(store.last(LatencyQuery.all(), 0)).isEmpty();
      assertThatIllegalArgumentException().isThrownBy(() -> store.last(LatencyQuery.all(), -1));
    }
  }

  @Test
  default void aStreamGivesEverythingInTimeOrder() {
    try (LatencyStore store = open()) {
      List<LatencyMeasurement> reversed = new ArrayList<>(Sample.seven());
      Collections.reverse(reversed);
      store.append(reversed);

      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all());
          Stream<LatencyMeasurement> builds = store.stream(LatencyQuery.all().component("build"))) {
        assertThat(all).containsExactlyElementsOf(Sample.seven());
        assertThat(builds).containsExactlyElementsOf(Sample.seven().subList(3, 7));
      }
    }
  }

  @Test
  default void aStreamMayBeLeftBeforeItsEnd() {
    try (LatencyStore store = open()) {
      store.append(Sample.numbered(0, 1_000));

      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all.limit(3)).containsExactlyElementsOf(Sample.numbered(0, 3));
      }

      assertThat(store.append(Sample.numbered(0, 1))).isEqualTo(1);
    }
  }

  @Test
  default void equalMeasurementsAreAllKept() {
    try (LatencyStore store = open()) {
      LatencyMeasurement twin = Sample.withMetadata(NOON, "{}");
      store.append(List.of(twin, twin));
      store.append(List.of(twin));
      store.record(twin);

      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(4);
      assertThat(store.last(LatencyQuery.all(), 10)).containsExactly(twin, twin, twin, twin);
    }
  }

  @Test
  default void whatIsReadBackEqualsWhatWasBuilt() {
    try (LatencyStore store = open()) {
      LatencyMeasurement measurement =
          new LatencyMeasurement(
              Instant.parse("1969-12-31T23:59:59.999999999Z"),
              Duration.ofNanos(1_999),
              "component",
              "command",
              false,
              "{\"n\":1}");
      store.append(List.of(measurement));

      LatencyMeasurement read = store.last(LatencyQuery.all(), 1).get(0);

      assertThat(read).isEqualTo(measurement);
      assertThat(read.timestampMicros()).isEqualTo(-1);
      assertThat(read.latencyMicros()).isEqualTo(1);
    }
  }

  @Test
  default void theCheckNamesTheDatabaseWithoutItsPassword() {
    try (LatencyStore store = open(builder -> builder.password(password()))) {
      var check = store.check();

      assertThat(check.toString()).doesNotContain(password());
      assertThat(check.location()).isNotBlank();
      assertThat(check.database()).matches(".*\\d.*");
      assertThat(check.schemaVersion()).matches("\\d+");
      assertThat(check.layout()).isEqualTo(layout().text());
      assertThat(check.storeId()).hasSize(36);
      assertThat(check.sizeBytes()).isPositive();
      assertThat(check.roundTrip()).isPositive();
    }
  }
}
