package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.micros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What summaries, lists and streams say about a set small enough to reckon by hand. */
interface QueryFacet extends StoreFixture {

  /** Four series, seven measurements, two of them failures. */
  private static List<LatencyMeasurement> seven() {
    return List.of(
        LatencyMeasurement.ofMicros(NOON, 100, "editor", "save", true, null),
        LatencyMeasurement.ofMicros(NOON + 1, 300, "editor", "save", false, null),
        LatencyMeasurement.ofMicros(NOON + 2, 200, "editor", "open", true, null),
        LatencyMeasurement.ofMicros(NOON + 3, 700, "build", "compile", true, "{\"files\":3}"),
        LatencyMeasurement.ofMicros(NOON + 4, 500, "build", "compile", true, null),
        LatencyMeasurement.ofMicros(NOON + 5, 400, "build", "link", false, null),
        LatencyMeasurement.ofMicros(NOON + 6, 600, "build", "link", true, null));
  }

  @Test
  default void aSummaryCountsSumsAndFindsTheExtremes() {
    try (LatencyStore store = open()) {
      store.append(seven());

      LatencySummary summary = store.summarize(LatencyQuery.all());

      assertThat(summary.count()).isEqualTo(7);
      assertThat(summary.errors()).isEqualTo(2);
      assertThat(summary.errorRate()).isCloseTo(2.0 / 7, within(1e-15));
      assertThat(summary.sumMicros()).isEqualTo(BigInteger.valueOf(2_800));
      assertThat(summary.min()).contains(micros(100));
      assertThat(summary.max()).contains(micros(700));
      assertThat(summary.mean()).contains(micros(400));
      assertThat(summary.standardDeviation()).contains(micros(200));
      assertThat(summary.percentile(50)).contains(micros(400));
      assertThat(summary.percentile(90)).contains(micros(700));
      assertThat(summary.ratePerSecond()).isEmpty();
    }
  }

  @Test
  default void meanAndStandardDeviationAreFlooredToANanosecond() {
    try (LatencyStore store = open()) {
      store.append(Sample.latencies(1, 1, 2));

      LatencySummary summary = store.summarize(LatencyQuery.all());

      assertThat(summary.mean()).contains(Duration.ofNanos(1_333));
      assertThat(summary.standardDeviation()).contains(Duration.ofNanos(471));
    }
  }

  @Test
  default void failuresCountUnlessTheQueryFiltersThem() {
    try (LatencyStore store = open()) {
      store.append(seven());

      LatencySummary successes = store.summarize(LatencyQuery.all().successes());
      LatencySummary failures = store.summarize(LatencyQuery.all().failures());

      assertThat(successes.count()).isEqualTo(5);
      assertThat(successes.errors()).isZero();
      assertThat(successes.sumMicros()).isEqualTo(BigInteger.valueOf(2_100));
      assertThat(failures.count()).isEqualTo(2);
      assertThat(failures.errors()).isEqualTo(2);
      assertThat(failures.errorRate()).isEqualTo(1.0);
      assertThat(failures.max()).contains(micros(400));
    }
  }

  @Test
  default void anEmptySetHasACountAndNothingElse() {
    try (LatencyStore store = open()) {
      store.append(seven());

      LatencySummary summary = store.summarize(LatencyQuery.all().component("nobody"));

      assertThat(summary.count()).isZero();
      assertThat(summary.errors()).isZero();
      assertThat(summary.errorRate()).isZero();
      assertThat(summary.sumMicros()).isEqualTo(BigInteger.ZERO);
      assertThat(summary.min()).isEmpty();
      assertThat(summary.max()).isEmpty();
      assertThat(summary.mean()).isEmpty();
      assertThat(summary.standardDeviation()).isEmpty();
      assertThat(summary.percentile(0)).isEmpty();
      assertThat(summary.percentile(50)).isEmpty();
      assertThat(summary.percentile(100)).isEmpty();
      assertThat(summary.percentilesMicros()).isEmpty();
    }
  }

  @Test
  default void aPercentileIsTheNearestRank() {
    try (LatencyStore store = open()) {
      store.append(Sample.latencies(15, 20, 35, 40, 50));

      LatencySummary summary =
          store.summarize(LatencyQuery.all().percentiles(0, 5, 20, 20.000001, 30, 40, 50, 99, 100));

      assertThat(summary.percentilesMicros().values())
          .containsExactly(15L, 15L, 15L, 20L, 20L, 20L, 35L, 50L, 50L);
      assertThat(summary.percentile(30)).contains(micros(20));
    }
  }

  @Test
  default void aPercentileIsReckonedFromItsDecimalValue() {
    try (LatencyStore store = open()) {
      List<LatencyMeasurement> thousand = new ArrayList<>(Sample.numbered(1, 1_001));
      Collections.shuffle(thousand, new Random(1));
      store.append(thousand);

      LatencySummary summary =
          store.summarize(LatencyQuery.all().percentiles(0.1, 0.11, 7, 55, 57, 99.9, 99.95));

      assertThat(summary.percentilesMicros().values())
          .containsExactly(1L, 2L, 70L, 550L, 570L, 999L, 1_000L);
      assertThat(summary.percentilesMicros().lastKey()).isEqualTo(new BigDecimal("99.95"));
    }
  }

  @Test
  default void theExtremePercentilesNeedNotBeNamedAndOthersMust() {
    try (LatencyStore store = open()) {
      store.append(seven());

      LatencySummary summary = store.summarize(LatencyQuery.all().percentiles(50));

      assertThat(summary.percentile(0)).contains(micros(100));
      assertThat(summary.percentile(100)).contains(micros(700));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> summary.percentile(75))
          .withMessageContaining("75")
          .withMessageContaining("percentiles(");
    }
  }

  @Test
  default void withoutPercentilesTheOtherFiguresAreTheSame() {
    try (LatencyStore store = open()) {
      store.append(seven());

      LatencySummary summary = store.summarize(LatencyQuery.all().withoutPercentiles());

      assertThat(summary.count()).isEqualTo(7);
      assertThat(summary.sumMicros()).isEqualTo(BigInteger.valueOf(2_800));
      assertThat(summary.standardDeviation()).contains(micros(200));
      assertThat(summary.percentilesMicros()).isEmpty();
    }
  }

  @Test
  default void summariesBySeriesAndByComponentLeaveOutWhatDoesNotMatch() {
    try (LatencyStore store = open()) {
      store.append(seven());

      var bySeries = store.summarizeBySeries(LatencyQuery.all().successes());
      var byComponent = store.summarizeByComponent(LatencyQuery.all().failures());

      assertThat(bySeries.keySet())
          .containsExactly(
              new Series("build", "compile"),
              new Series("build", "link"),
              new Series("editor", "open"),
              new Series("editor", "save"));
      assertThat(bySeries.values())
          .extracting(LatencySummary::count)
          .containsExactly(2L, 1L, 1L, 1L);
      assertThat(byComponent.keySet()).containsExactly("build", "editor");
      assertThat(byComponent.values())
          .extracting(LatencySummary::sumMicros)
          .containsExactly(BigInteger.valueOf(400), BigInteger.valueOf(300));
      assertThat(store.summarizeBySeries(LatencyQuery.all().command("absent"))).isEmpty();
      assertThat(
              store.summarizeByComponent(LatencyQuery.all().latencyAtLeast(micros(500))).keySet())
          .containsExactly("build");
    }
  }

  @Test
  default void filtersNarrowTogetherAndNamingOneAgainReplacesIt() {
    try (LatencyStore store = open()) {
      store.append(seven());
      LatencyQuery query = LatencyQuery.all().component("editor").command("save", "link");

      assertThat(store.summarize(query).count()).isEqualTo(2);
      assertThat(store.summarize(query.successes()).count()).isEqualTo(1);
      assertThat(store.summarize(query.component("build")).count()).isEqualTo(2);
      assertThat(store.summarize(query.component()).count()).isEqualTo(4);
      assertThat(
              store
                  .summarize(
                      LatencyQuery.all().latencyAtLeast(micros(300)).latencyBelow(micros(600)))
                  .sumMicros())
          .isEqualTo(BigInteger.valueOf(1_200));
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
      List<LatencyMeasurement> reversed = new ArrayList<>(seven());
      Collections.reverse(reversed);
      store.append(reversed);

      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all());
          Stream<LatencyMeasurement> builds = store.stream(LatencyQuery.all().component("build"))) {
        assertThat(all).containsExactlyElementsOf(seven());
        assertThat(builds).containsExactlyElementsOf(seven().subList(3, 7));
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
    try (LatencyStore store = open(builder -> builder.password("canary-2718"))) {
      var check = store.check();

      assertThat(check.toString()).doesNotContain("canary-2718");
      assertThat(check.location()).isNotBlank();
      assertThat(check.database()).matches(".*\\d.*");
      assertThat(check.schemaVersion()).isEqualTo("1");
      assertThat(check.layout()).isEqualTo("blocks");
      assertThat(check.storeId()).hasSize(36);
      assertThat(check.sizeBytes()).isPositive();
      assertThat(check.roundTrip()).isPositive();
    }
  }
}
