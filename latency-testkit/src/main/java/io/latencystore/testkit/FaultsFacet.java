package io.latencystore.testkit;

import static io.latencystore.testkit.FaultyDialect.always;
import static io.latencystore.testkit.FaultyDialect.first;
import static io.latencystore.testkit.FaultyDialect.nth;
import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.AppendException;
import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreState;
import io.latencystore.StoreStats;
import io.latencystore.StoreUnavailableException;
import io.latencystore.testkit.FaultyDialect.Point;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A database that fails now and then: nothing acknowledged is missing, nothing is stored twice. */
interface FaultsFacet extends StoreFixture {

  private static SQLException injected() {
    return new SQLException("injected fault");
  }

  private static void assertStored(LatencyStore store, List<LatencyMeasurement> expected) {
    try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
      assertThat(all).containsExactlyElementsOf(expected);
    }
    StoreStats stats = store.stats();
    assertThat(stats.recorded() + stats.appended())
        .isEqualTo(stats.committed() + stats.pending() + stats.totalDropped());
  }

  @Test
  default void anAppendWhoseAcknowledgementIsLostIsStoredOnce() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, builder -> builder.appendBatch(10))) {
      store.append(numbered(0, 10));
      faulty.at(Point.AFTER_COMMIT, nth(2, injected()));

      long appended = store.append(numbered(10, 40));

      assertThat(appended).isEqualTo(30);
      assertStored(store, numbered(0, 40));
      assertThat(store.stats().committed()).isEqualTo(40);
    }
  }

  @Test
  default void anAppendWhoseCommitFailsSaysHowMuchIsStoredAndTheNextOneWorks() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, builder -> builder.appendBatch(10))) {
      store.append(numbered(0, 10));
      faulty.at(Point.BEFORE_COMMIT, nth(3, injected()));

      assertThatExceptionOfType(AppendException.class)
          .isThrownBy(() -> store.append(numbered(10, 50)))
          .satisfies(e -> assertThat(e.committed()).isEqualTo(20));

      assertStored(store, numbered(0, 30));
      assertThat(store.append(numbered(30, 50))).isEqualTo(20);
      assertStored(store, numbered(0, 50));
    }
  }

  @Test
  default void theVeryFirstAppendMayFail() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, builder -> builder)) {
      for (Point point : List.of(Point.BEGIN_WRITE, Point.BEFORE_COMMIT)) {
        faulty.at(point, nth(1, injected()));

        assertThatExceptionOfType(AppendException.class)
            .isThrownBy(() -> store.append(numbered(0, 10)))
            .satisfies(e -> assertThat(e.committed()).isZero());
      }
      assertThat(store.append(numbered(0, 10))).isEqualTo(10);
      assertStored(store, numbered(0, 10));
    }
  }

  @Test
  default void aLoadAfterOneOfUnknownOutcomeIsNotTakenForIt() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, builder -> builder.appendBatch(10))) {
      store.append(numbered(0, 10));
      faulty.at(Point.AFTER_COMMIT, nth(1, injected())).at(Point.BEGIN_READ, always(injected()));

      // It is stored, but neither the commit nor the question for the position is answered.
      assertThatExceptionOfType(AppendException.class)
          .isThrownBy(() -> store.append(numbered(10, 20)))
          .satisfies(e -> assertThat(e.committed()).isZero())
          .satisfies(e -> assertThat(e.inDoubt()).isEqualTo(10));
      faulty.heal();

      assertThat(store.append(numbered(20, 30))).isEqualTo(10);
      assertThat(store.append(numbered(30, 45))).isEqualTo(15);
      assertStored(store, numbered(0, 45));
    }
  }

  @Test
  default void theWriterRepeatsABatchUntilItIsStoredOnce() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    for (Point point : List.of(Point.BEGIN_WRITE, Point.BEFORE_COMMIT, Point.AFTER_COMMIT)) {
      try (LatencyStore store = open(faulty, builder -> builder)) {
        long before = store.summarize(LatencyQuery.all()).count();
        faulty.at(point, first(3, injected()));

        numbered(0, 100).forEach(store::record);
        FlushResult result = store.flush();

        assertThat(result).isEqualTo(FlushResult.STORED);
        assertThat(store.summarize(LatencyQuery.all()).count())
            .as("%s", point)
            .isEqualTo(before + 100);
        assertThat(store.stats())
            .isEqualTo(new StoreStats(StoreState.HEALTHY, 100, 0, 0, 100, 0, Map.of(), Map.of()));
      }
      faulty.heal();
    }
  }

  @Test
  default void aStoreThatCannotBeOpenedLeavesNothingOpen() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    faulty.at(Point.OPEN_WRITER, nth(1, injected()));

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> open(faulty, builder -> builder))
        .withMessageContaining("injected fault");

    try (LatencyStore store = open(faulty, builder -> builder)) {
      assertThat(store.append(numbered(0, 1))).isEqualTo(1);
    }
  }

  @Test
  default void aQuestionThatFailsIsAnsweredWhenAskedAgain() {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, builder -> builder)) {
      store.append(numbered(0, 10));
      faulty.at(Point.BEGIN_READ, nth(1, injected()));

      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.summarize(LatencyQuery.all()))
          .withMessageContaining("injected fault");

      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(10);
    }
  }

  @Test
  default void faultsAtRandomLoseAndRepeatNothing() {
    long seed = Seed.next();
    Random random = new Random(seed);
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, builder -> builder.appendBatch(50))) {
      for (Point point : List.of(Point.BEGIN_WRITE, Point.BEFORE_COMMIT, Point.AFTER_COMMIT)) {
        Random own = new Random(random.nextLong());
        faulty.at(point, arrival -> sometimes(own));
      }
      long next = 0;
      while (next < 3_000) {
        if (random.nextBoolean()) {
          next += appendUpTo(store, next, next + 1 + random.nextInt(200));
        } else {
          store.record(Sample.of(NOON + next, next));
          next++;
        }
      }
      store.flush();
      faulty.heal();

      assertThat(store.last(LatencyQuery.all(), 10_000))
          .as(Seed.shown(seed))
          .containsExactlyInAnyOrderElementsOf(numbered(0, next));
    }
  }

  private static void sometimes(Random random) throws SQLException {
    synchronized (random) {
      if (random.nextInt(6) == 0) {
        throw injected();
      }
    }
  }

  /** How many were stored before the load broke off, which may be all. */
  private static long appendUpTo(LatencyStore store, long from, long to) {
    try {
      return store.append(numbered(from, to));
    } catch (AppendException e) {
      return e.committed();
    }
  }
}
