package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.NOON_INSTANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.DropReason;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.MaintenanceStep;
import io.latencystore.Micros;
import io.latencystore.RetentionReport;
import io.latencystore.Series;
import io.latencystore.StoreListener;
import io.latencystore.StoreStats;
import io.latencystore.policy.Expiry;
import io.latencystore.policy.RetentionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What has expired is not seen, not stored and soon not there; nothing else ever is. */
interface RetentionFacet extends StoreFixture {

  long MINUTE = 60_000_000L;
  long DAY = 24 * 60 * MINUTE;

  /** One measurement a minute, for so many days up to noon. */
  private static List<LatencyMeasurement> days(int days) {
    return LongStream.range(0, days * 24L * 60)
        .mapToObj(n -> minute(days * 24L * 60 - n - 1, "editor"))
        .toList();
  }

  private static LatencyMeasurement minute(long before, String component) {
    return LatencyMeasurement.ofMicros(
        NOON - before * MINUTE, before % 100, component, "save", before % 7 > 0, null);
  }

  private static long count(LatencyStore store, LatencyQuery query) {
    long count = store.summarize(query).count();
    assertThat(store.summarize(query.withoutPercentiles()).count()).isEqualTo(count);
    try (Stream<LatencyMeasurement> all = store.stream(query)) {
      assertThat(all.count()).isEqualTo(count);
    }
    assertThat(store.last(query, Integer.MAX_VALUE)).hasSize((int) count);
    return count;
  }

  private static void assertAccountsBalance(StoreStats stats) {
    assertThat(stats.recorded() + stats.appended() + stats.adopted())
        .isEqualTo(stats.committed() + stats.pending() + stats.totalDropped());
  }

  @Test
  default void whatIsOlderThanTheAgeIsGone() {
    try (LatencyStore store = open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT)))) {
      store.append(days(10));

      RetentionReport report =
          store.maintenance().applyRetention(RetentionPolicy.keepFor(Duration.ofDays(3)));

      assertThat(report.cutoff()).isEqualTo(NOON_INSTANT.minus(Duration.ofDays(3)));
      assertThat(report.measurements()).isBetween(6 * 24 * 60L, 7 * 24 * 60L);
      assertThat(count(store, LatencyQuery.all())).isEqualTo(3 * 24 * 60 + 1);
      assertThat(
              count(store, LatencyQuery.all().window(null, NOON_INSTANT.minus(Duration.ofDays(3)))))
          .isZero();
      assertThat(store.stats().maintenance().watermark())
          .isEqualTo(NOON_INSTANT.minus(Duration.ofDays(3)));
      assertThat(store.check().watermark()).isEqualTo(NOON_INSTANT.minus(Duration.ofDays(3)));
    }
  }

  @Test
  default void aPlanSaysWhatWouldGoAndChangesNothing() {
    RetentionPolicy policy =
        RetentionPolicy.keepFor(Duration.ofDays(3))
            .and(
                RetentionPolicy.forComponent(
                    "editor", RetentionPolicy.keepFor(Duration.ofDays(1))));
    try (LatencyStore store = open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT)))) {
      store.append(days(10));
      store.append(LongStream.range(0, 10_000).mapToObj(n -> minute(n, "build")).iterator());

      RetentionReport plan = store.maintenance().planRetention(policy);

      assertThat(count(store, LatencyQuery.all())).isEqualTo(24_400);
      assertThat(plan.cutoff()).isEqualTo(NOON_INSTANT.minus(Duration.ofDays(3)));
      assertThat(plan.componentCutoffs())
          .isEqualTo(Map.of("editor", NOON_INSTANT.minus(Duration.ofDays(1))));
      store.maintenance().applyRetention(policy);
      assertThat(count(store, LatencyQuery.all())).isEqualTo(24_400 - plan.measurements());
      assertThat(count(store, LatencyQuery.all().component("editor"))).isEqualTo(24 * 60 + 1);
      assertThat(count(store, LatencyQuery.all().component("build"))).isEqualTo(3 * 24 * 60 + 1);
      assertThat(store.maintenance().planRetention(policy).measurements()).isZero();
    }
  }

  @Test
  default void whatComesLateIsCountedAndNotStored() throws Exception {
    Map<Series, Long> told = new ConcurrentHashMap<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void expired(Series series, long measurements) {
            told.merge(series, measurements, Long::sum);
          }
        };
    try (LatencyStore store =
        open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT)).listener(listener))) {
      store.append(days(2));
      store.maintenance().applyRetention(RetentionPolicy.keepFor(Duration.ofDays(1)));
      long left = count(store, LatencyQuery.all());

      long appended = store.append(List.of(minute(1, "editor"), minute(5_000, "editor")));
      store.record(minute(6_000, "late"));
      store.record(minute(1, "editor"));
      assertThat(count(store, LatencyQuery.all())).isEqualTo(left + 2);
      store.flush();

      assertThat(appended).isEqualTo(1);
      assertThat(count(store, LatencyQuery.all())).isEqualTo(left + 2);
      assertThat(store.stats().dropped()).isEqualTo(Map.of(DropReason.EXPIRED, 2L));
      assertThat(told)
          .isEqualTo(Map.of(new Series("editor", "save"), 1L, new Series("late", "save"), 1L));
      assertAccountsBalance(store.stats());
    }
  }

  @Test
  default void theNewestAreKeptByNumberAndByBytes() {
    try (LatencyStore store = open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT)))) {
      store.append(days(10));

      store.maintenance().applyRetention(RetentionPolicy.keepNewest(3_000));

      long kept = count(store, LatencyQuery.all());
      assertThat(kept).isBetween(3_000L, 3_000L + 2 * 24 * 60);
      store.maintenance().applyRetention(RetentionPolicy.keepBytes(1));
      assertThat(count(store, LatencyQuery.all())).isBetween(1L, kept);
      assertThat(store.last(LatencyQuery.all(), 1)).containsExactly(minute(0, "editor"));
    }
  }

  @Test
  default void aPolicySeesWhatThereIs() {
    List<String> seen = new ArrayList<>();
    RetentionPolicy curious =
        stored -> {
          seen.add(
              stored.now()
                  + " "
                  + stored.oldest().orElseThrow()
                  + " "
                  + stored.newest().orElseThrow()
                  + " "
                  + stored.measurements()
                  + " "
                  + stored.component("build").measurements()
                  + " "
                  + stored.component("build").oldest().orElseThrow()
                  + " "
                  + stored.component("build").newest().orElseThrow()
                  + " "
                  + stored.component("nobody").newest().isPresent());
          assertThat(stored.components()).containsExactlyInAnyOrder("editor", "build");
          assertThat(stored.bytes()).isPositive();
          return Expiry.nothing();
        };
    try (LatencyStore store =
        open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT.plusSeconds(3_600))))) {
      store.append(days(1));
      store.append(List.of(minute(10, "build"), minute(3, "build")));

      RetentionReport report = store.maintenance().applyRetention(curious);

      assertThat(seen)
          .containsExactly(
              String.join(
                  " ",
                  NOON_INSTANT.toString(),
                  Micros.toInstant(NOON - DAY + MINUTE).toString(),
                  NOON_INSTANT.toString(),
                  "1442",
                  "2",
                  Micros.toInstant(NOON - 10 * MINUTE).toString(),
                  Micros.toInstant(NOON - 3 * MINUTE).toString(),
                  "false"));
      assertThat(report).isEqualTo(new RetentionReport(null, Map.of(), 0, 0));
    }
  }

  @Test
  default void whatHasExpiredStaysSoUnderALaxerPolicy() {
    try (LatencyStore store = open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT)))) {
      store.append(days(3));
      store.maintenance().applyRetention(RetentionPolicy.keepFor(Duration.ofDays(1)));

      RetentionReport lax =
          store.maintenance().applyRetention(RetentionPolicy.keepFor(Duration.ofDays(2)));

      assertThat(lax.cutoff()).isEqualTo(NOON_INSTANT.minus(Duration.ofDays(1)));
      assertThat(lax.measurements()).isZero();
      assertThat(count(store, LatencyQuery.all())).isEqualTo(24 * 60 + 1);
    }
  }

  @Test
  default void withoutAPolicyThereIsNothingToApply() {
    try (LatencyStore store = open()) {
      assertThatThrownBy(() -> store.maintenance().applyRetention())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("retention(…)");
      assertThatThrownBy(() -> store.maintenance().planRetention())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  default void aPolicyThatThrowsDeletesNothing() {
    try (LatencyStore store = open()) {
      store.append(days(1));

      assertThatThrownBy(
              () ->
                  store
                      .maintenance()
                      .applyRetention(
                          stored -> {
                            throw new IllegalStateException("not today");
                          }))
          .hasMessageContaining("not today");

      assertThat(count(store, LatencyQuery.all())).isEqualTo(24 * 60);
    }
  }

  @Test
  default void maintenanceAppliesThePolicyByItselfAndTellsOfItsSteps() throws Exception {
    ManualClock clock = new ManualClock(NOON_INSTANT.minus(Duration.ofMinutes(30)));
    Queue<MaintenanceStep> steps = new ConcurrentLinkedQueue<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void maintained(MaintenanceStep step) {
            if (step.kind() != MaintenanceStep.Kind.COMPACT) {
              steps.add(step);
            }
          }
        };
    try (LatencyStore store =
        open(
            builder ->
                builder
                    .clock(clock)
                    .listener(listener)
                    .maintenanceInterval(Duration.ofMillis(10))
                    .retention(RetentionPolicy.keepFor(Duration.ofDays(1))))) {
      store.append(days(1));
      Instant begun = clock.instant();
      Await.until(
          "a round has found nothing to do",
          Duration.ofSeconds(20),
          () -> begun.equals(store.stats().maintenance().lastRetention()));
      assertThat(count(store, LatencyQuery.all())).isEqualTo(24 * 60);
      assertThat(steps).isEmpty();

      // Past midnight, since a block in which the cutoff lies stays, and none goes beyond its day.
      for (int minutes = 180; minutes <= 900; minutes += 180) {
        store.record(
            LatencyMeasurement.ofMicros(NOON + minutes * MINUTE, 1, "editor", "save", true, null));
        store.flush();
        clock.set(NOON_INSTANT.plus(Duration.ofMinutes(minutes)));

        int expired = minutes - 1;
        int recorded = minutes / 180;
        Await.until(
            "what is older than a day is gone",
            Duration.ofSeconds(20),
            () -> store.summarize(LatencyQuery.all()).count() == 24 * 60 - expired + recorded);
      }
      Await.until("and deleted", Duration.ofSeconds(20), () -> !steps.isEmpty());
      assertThat(steps).allMatch(step -> step.count() > 0);
      Instant watermark = Micros.toInstant(NOON + 900 * MINUTE - DAY);
      Await.until(
          "which is told",
          Duration.ofSeconds(20),
          () -> watermark.equals(store.stats().maintenance().watermark()));
    }
  }

  @Test
  default void aClockThatLeapsTenYearsDeletesNothing() throws Exception {
    ManualClock clock = new ManualClock(NOON_INSTANT);
    try (LatencyStore store =
        open(
            builder ->
                builder
                    .clock(clock)
                    .maintenanceInterval(Duration.ofMillis(10))
                    .retention(RetentionPolicy.keepFor(Duration.ofDays(30))))) {
      store.append(days(20));
      for (Duration leap : List.of(Duration.ofDays(3_650), Duration.ofDays(-3_650))) {
        clock.set(NOON_INSTANT.plus(leap));
        Await.until(
            "a round went by",
            Duration.ofSeconds(20),
            () -> clock.instant().equals(store.stats().maintenance().lastRetention()));
        LatencyQuery real =
            LatencyQuery.between(
                NOON_INSTANT.minus(Duration.ofDays(30)), NOON_INSTANT.plusSeconds(1));
        assertThat(count(store, real)).isEqualTo(20 * 24 * 60);

        // Measurements by that clock make it no more credible.
        store.recorder("editor", "save").record(Duration.ofMillis(1));
        store.flush();
        clock.advance(Duration.ofSeconds(1));
        Await.until(
            "a round went by",
            Duration.ofSeconds(20),
            () -> clock.instant().equals(store.stats().maintenance().lastRetention()));
        assertThat(count(store, real)).isEqualTo(20 * 24 * 60);
      }
      clock.set(NOON_INSTANT);
      store.recorder("editor", "save").record(Duration.ofMillis(1));
      store.flush();

      assertThat(store.stats().dropped()).isEmpty();
      assertThat(count(store, LatencyQuery.all())).isEqualTo(20 * 24 * 60 + 3);
      assertThat(store.stats().maintenance().watermark()).isNull();
    }
  }

  @Test
  default void aCutoffInTheFutureLeavesTheFutureAlone() {
    try (LatencyStore store = open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT)))) {
      store.append(days(1));

      RetentionReport report =
          store.maintenance().applyRetention(stored -> Expiry.before(Instant.MAX));

      assertThat(report.cutoff()).isEqualTo(NOON_INSTANT.plusNanos(1_000));
      assertThat(count(store, LatencyQuery.all())).isZero();
      assertThat(store.append(List.of(Sample.of(NOON + MINUTE, 1), Sample.of(NOON, 1))))
          .isEqualTo(1);
      assertThat(count(store, LatencyQuery.all())).isEqualTo(1);
    }
  }

  @Test
  default void everyMeasurementMayHaveTheSameMoment() {
    try (LatencyStore store = open(builder -> builder.clock(Sample.clockAt(NOON_INSTANT)))) {
      store.append(Stream.generate(() -> minute(5_000, "editor")).limit(30_000));
      store.append(List.of(minute(0, "editor")));

      store.maintenance().applyRetention(RetentionPolicy.keepFor(Duration.ofDays(1)));

      assertThat(count(store, LatencyQuery.all())).isEqualTo(1);
    }
  }
}
