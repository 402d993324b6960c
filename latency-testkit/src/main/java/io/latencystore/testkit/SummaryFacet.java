package io.latencystore.testkit;

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What summaries say about a set small enough to reckon by hand. */
interface SummaryFacet extends StoreFixture {

  @Test
  default void aSummaryCountsSumsAndFindsTheExtremes() {
    try (LatencyStore store = open()) {
      store.append(Sample.seven());

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
      store.append(Sample.seven());

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
      store.append(Sample.seven());

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
      store.append(Sample.seven());

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
      store.append(Sample.seven());

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
      store.append(Sample.seven());

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
      store.append(Sample.seven());
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
}
