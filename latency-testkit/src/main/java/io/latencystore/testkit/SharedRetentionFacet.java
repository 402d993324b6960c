package io.latencystore.testkit;

import static io.latencystore.testkit.FaultyDialect.first;
import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.NOON_INSTANT;
import static io.latencystore.testkit.Sample.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.DropReason;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Micros;
import io.latencystore.policy.Expiry;
import io.latencystore.policy.RetentionPolicy;
import io.latencystore.testkit.FaultyDialect.Point;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one store has expired is so for every other. */
interface SharedRetentionFacet extends StoreFixture {

  private static RetentionPolicy before(long micros) {
    return stored -> Expiry.before(Micros.toInstant(micros));
  }

  private static @Nullable Instant cutoff(LatencyStore store) {
    return store.maintenance().planRetention(stored -> Expiry.nothing()).cutoff();
  }

  @Test
  default void anotherStoreKnowsWithItsNextQuestionAndItsNextWrite() {
    try (LatencyStore one = open();
        LatencyStore other = open()) {
      other.append(numbered(0, 1_000));
      assertThat(one.summarize(LatencyQuery.all()).count()).isEqualTo(1_000);

      one.maintenance().applyRetention(before(NOON + 400));

      assertThat(other.summarize(LatencyQuery.all()).count()).isEqualTo(600);
      assertThat(other.append(numbered(390, 410))).isEqualTo(10);
      numbered(395, 405).forEach(other::record);
      other.flush();
      assertThat(other.stats().dropped()).isEqualTo(Map.of(DropReason.EXPIRED, 15L));
      assertThat(one.summarize(LatencyQuery.all()).count()).isEqualTo(615);
    }
  }

  @Test
  default void whatHasExpiredStaysSoAfterwards() {
    try (LatencyStore store = open()) {
      store.append(numbered(0, 1_000));
      store.maintenance().applyRetention(before(NOON + 400));
    }

    try (LatencyStore again = open()) {
      assertThat(again.check().watermark()).isEqualTo(Micros.toInstant(NOON + 400));
      assertThat(again.summarize(LatencyQuery.all()).count()).isEqualTo(600);
      assertThat(again.append(numbered(0, 1_000))).isEqualTo(600);
      assertThat(cutoff(again)).isEqualTo(Micros.toInstant(NOON + 400));
    }
  }

  @Test
  default void ofSeveralAtOnceTheLatestCutoffStaysAndNoneGoesBack() throws Exception {
    long seed = Seed.next();
    Random random = new Random(seed);
    List<long[]> orders =
        Stream.generate(() -> random.longs(15, 1, 1_000).toArray()).limit(4).toList();
    long latest = orders.stream().flatMapToLong(Arrays::stream).max().orElseThrow();
    AtomicInteger busy = new AtomicInteger(orders.size());
    try (LatencyStore store = open()) {
      store.append(numbered(0, 1_000));
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (long[] order : orders) {
        tasks.add(
            () -> {
              applyInOrder(order);
              return busy.decrementAndGet() >= 0;
            });
      }
      tasks.add(() -> neverGoesBack(store, busy));
      assertThat(InThreads.run(tasks)).as(Seed.shown(seed)).doesNotContain(false);

      assertThat(cutoff(store)).as(Seed.shown(seed)).isEqualTo(Micros.toInstant(NOON + latest));
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(1_000 - latest);
    }
  }

  private void applyInOrder(long[] offsets) {
    try (LatencyStore store = open()) {
      for (long offset : offsets) {
        store.maintenance().applyRetention(before(NOON + offset));
        assertThat(store.last(LatencyQuery.all(), 1_000))
            .allMatch(measurement -> measurement.timestampMicros() >= NOON + offset);
      }
    }
  }

  private static boolean neverGoesBack(LatencyStore store, AtomicInteger busy) {
    Instant latest = Instant.MIN;
    while (busy.get() > 0) {
      Instant now = cutoff(store);
      if (now != null && now.isBefore(latest)) {
        return false;
      }
      latest = now == null ? latest : now;
    }
    return true;
  }

  @Test
  default void maintenanceGoesOnAfterFailuresAndInterrupts() throws Exception {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store =
        open(
            faulty,
            builder ->
                builder
                    .clock(Sample.clockAt(NOON_INSTANT))
                    .maintenanceInterval(Duration.ofMillis(10))
                    .retention(RetentionPolicy.keepFor(Duration.ofDays(1))))) {
      faulty.at(Point.BEGIN_READ, first(3, new SQLException("injected fault")));
      Await.until(
          "a round went well",
          Duration.ofSeconds(20),
          () -> store.stats().maintenance().lastRetention() != null);
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("latency-maintenance")) {
          thread.interrupt();
        }
      }

      store.append(
          List.of(Sample.of(NOON - Duration.ofHours(25).toNanos() / 1_000, 1), Sample.of(NOON, 2)));

      Await.until(
          "what is older than a day is gone",
          Duration.ofSeconds(20),
          () -> store.summarize(LatencyQuery.all()).count() == 1);
    }
  }
}
