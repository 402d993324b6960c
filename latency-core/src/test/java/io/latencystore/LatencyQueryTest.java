package io.latencystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LatencyQueryTest {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void filtersMakeNewQueries() {
    LatencyQuery query = LatencyQuery.all();

    query
        .window(NOON, null)
        .component("a")
        .command("b")
        .failures()
        .latencyAtLeast(Duration.ofMillis(1))
        .latencyBelow(Duration.ofMillis(2))
        .percentiles(1);

    assertThat(query).isEqualTo(LatencyQuery.all());
    assertThat(query.from()).isEmpty();
    assertThat(query.components()).isEmpty();
    assertThat(query.success()).isEmpty();
  }

  @Test
  void aQueryKeepsNoHoldOfItsArguments() {
    List<String> names = new ArrayList<>(List.of("a"));
    double[] percentiles = {50};
    LatencyQuery query = LatencyQuery.all().components(names).percentiles(percentiles);

    names.add("b");
    percentiles[0] = 99;

    assertThat(query.components()).containsExactly("a");
    assertThat(query.percentiles()).containsExactly(BigDecimal.valueOf(50));
    assertThatThrownBy(() -> query.components().add("c"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> query.percentiles().add(BigDecimal.ONE))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void namingAFilterAgainReplacesIt() {
    LatencyQuery query =
        LatencyQuery.last(Duration.ofDays(1))
            .component("a")
            .component("b", "c")
            .command("d")
            .command()
            .failures()
            .successes()
            .percentiles(1, 2)
            .percentiles(99.9)
            .latencyAtLeast(Duration.ofMillis(5))
            .latencyAtLeast(Duration.ofMillis(2))
            .window(NOON, NOON.plusSeconds(1));

    assertThat(query.components()).containsExactlyInAnyOrder("b", "c");
    assertThat(query.commands()).isEmpty();
    assertThat(query.success()).contains(true);
    assertThat(query.percentiles()).containsExactly(new BigDecimal("99.9"));
    assertThat(query.latencyAtLeastMicros()).isEqualTo(2_000);
    assertThat(query.last()).isEmpty();
    assertThat(query.from()).contains(NOON);
  }

  @Test
  void anInvertedWindowIsRefusedByBothBounds() {
    assertThatThrownBy(() -> LatencyQuery.between(NOON, NOON.minusSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("2026-06-01T12:00:00Z", "2026-06-01T11:59:59Z");
    assertThat(LatencyQuery.between(NOON, NOON).to()).contains(NOON);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        -1,
        -1e-300,
        100.00000000000001,
        101,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        -Double.MAX_VALUE
      })
  void whatIsNoPercentileIsRefusedByItsValue(double p) {
    assertThatThrownBy(() -> LatencyQuery.all().percentiles(50, p))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Double.toString(p));
  }

  @Test
  void percentilesAreAscendingAndEachOnce() {
    LatencyQuery query = LatencyQuery.all().percentiles(100, 99.9, 0, 50, 50.0, 1e-7, -0.0, 100.0);

    assertThat(query.percentiles())
        .containsExactly(
            BigDecimal.ZERO,
            new BigDecimal("0.0000001"),
            BigDecimal.valueOf(50),
            new BigDecimal("99.9"),
            BigDecimal.valueOf(100));
  }

  @Test
  void equalPercentilesMakeEqualQueries() {
    LatencyQuery one = LatencyQuery.all().percentiles(50, 10);

    assertThat(one).isEqualTo(LatencyQuery.all().percentiles(10.0, 50.00));
    assertThat(one).hasSameHashCodeAs(LatencyQuery.all().percentiles(10.0, 50.00));
    assertThat(one).isNotEqualTo(LatencyQuery.all());
  }

  @Test
  void theLastMomentsIncludeNow() {
    LatencyQuery query = LatencyQuery.last(Duration.ofSeconds(10)).at(NOON.plusNanos(1_500));

    assertThat(query.from()).contains(NOON.plusNanos(2_000).minusSeconds(10));
    assertThat(query.to()).contains(NOON.plusNanos(2_000));
    assertThat(query.last()).isEmpty();
  }

  @Test
  void theLastMomentsMayBeLongerThanTime() {
    LatencyQuery query = LatencyQuery.last(Duration.ofSeconds(Long.MAX_VALUE)).at(NOON);

    assertThat(query.from()).contains(Instant.MIN);
    assertThat(query.to()).contains(NOON.plusNanos(1_000));
  }

  @Test
  void aWindowOfTwoMomentsIsNotCountedFromNow() {
    LatencyQuery query = LatencyQuery.between(NOON, NOON.plusSeconds(1));

    assertThat(query.at(NOON.plusSeconds(500))).isEqualTo(query);
  }

  @Test
  void theLastNothingIsRefused() {
    for (Duration duration : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
      assertThatThrownBy(() -> LatencyQuery.last(duration))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(duration.toString());
    }
  }

  @Test
  void latencyRangesThatHoldNothingAreRefused() {
    LatencyQuery below = LatencyQuery.all().latencyBelow(Duration.ofMillis(2));

    assertThatThrownBy(() -> below.latencyAtLeast(Duration.ofMillis(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2000");
    assertThatThrownBy(() -> LatencyQuery.all().latencyBelow(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LatencyQuery.all().latencyAtLeast(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> below.latencyBelow(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(below.latencyAtLeast(Duration.ofNanos(1_999_999)).latencyAtLeastMicros())
        .isEqualTo(1_999);
  }

  @Test
  void theTextNamesEveryFilter() {
    String text =
        LatencyQuery.between(NOON, NOON.plusSeconds(1)).component("editor").failures().toString();

    assertThat(text).contains("2026-06-01T12:00:00Z", "2026-06-01T12:00:01Z", "editor", "false");
  }
}
