package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static io.latencystore.testkit.Sample.NOON_INSTANT;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.CompactionReport;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.MaintenanceStep;
import io.latencystore.StoreException;
import io.latencystore.StoreLayout;
import io.latencystore.StoreListener;
import io.latencystore.TimeBuckets;
import io.latencystore.testkit.FaultyDialect.Point;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Small blocks become fewer, and every answer stays what it was. Rows have nothing to merge. */
interface CompactionFacet extends StoreFixture {

  Instant LATER = NOON_INSTANT.plus(Duration.ofDays(3_000));

  /** A store whose clock is past everything, and which stores a few measurements at a time. */
  private LatencyStore openLater(int appendBatch) {
    return open(builder -> builder.clock(Sample.clockAt(LATER)).appendBatch(appendBatch));
  }

  /** One measurement a second from noon on, the n-th with a latency of n microseconds. */
  private static List<LatencyMeasurement> trickle(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> Sample.of(NOON + n * 1_000_000L, n)).toList();
  }

  /** Something much later, so that what comes before is past. */
  private static LatencyMeasurement muchLater() {
    return Sample.of(NOON + Duration.ofDays(2_500).toNanos() / 1_000, 1);
  }

  @Test
  default void manySmallBlocksBecomeFewAndHoldTheSame() {
    try (LatencyStore store = openLater(10)) {
      List<LatencyMeasurement> trickle = trickle(0, 7_200);
      store.append(trickle);
      store.append(List.of(muchLater()));

      CompactionReport result = store.maintenance().compact();

      if (layout() == StoreLayout.ROWS) {
        assertThat(result).isEqualTo(new CompactionReport(0, 0, 0, 0));
      } else {
        assertThat(result.merged()).as("two hours of 360 blocks").isGreaterThanOrEqualTo(720);
        assertThat(result.fewer()).isGreaterThanOrEqualTo(700);
        assertThat(result.damaged()).isZero();
      }
      LatencyQuery before = LatencyQuery.all().window(null, NOON_INSTANT.plus(Duration.ofDays(1)));
      try (Stream<LatencyMeasurement> all = store.stream(before)) {
        assertThat(all.toList().equals(trickle)).isTrue();
      }
      assertThat(store.summarize(before).sumMicros()).isEqualTo(7_199 * 7_200 / 2);
      assertThat(store.maintenance().compact())
          .as("nothing is left")
          .isEqualTo(new CompactionReport(0, 0, 0, 0));
    }
  }

  @Test
  default void whateverIsAskedIsAnsweredAsBefore() {
    long seed = Seed.next();
    Random random = new Random(seed);
    try {
      for (int run = 0; run < 2; run++) {
        NaiveStore naive = new NaiveStore();
        RandomMeasurements source = new RandomMeasurements(random);
        try (LatencyStore store = openLater(1 + random.nextInt(12))) {
          store.stream(LatencyQuery.all()).forEach(naive::add);
          for (int step = 0; step < 4; step++) {
            List<LatencyMeasurement> some =
                Stream.generate(source::next).limit(random.nextInt(400)).toList();
            store.append(some);
            naive.addAll(some);
            LatencyQuery query = source.query();
            List<Object> before = answers(store, query);

            CompactionReport result = store.maintenance().compact();

            assertThat(result.damaged()).isZero();
            assertThat(answers(store, query)).as("answers to %s", query).isEqualTo(before);
            compare(source.query(), store, naive);
            CompactionReport again = store.maintenance().compact();
            assertThat(again).as("a second time").isEqualTo(new CompactionReport(0, 0, 0, 0));
          }
          compare(LatencyQuery.all(), store, naive);
        }
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(Seed.shown(seed) + ": " + e.getMessage(), e);
    }
  }

  private static List<Object> answers(LatencyStore store, LatencyQuery query) {
    TimeBuckets buckets = TimeBuckets.of(Sample.micros(Long.MAX_VALUE / 40), Instant.EPOCH);
    try (Stream<LatencyMeasurement> all = store.stream(query)) {
      return List.of(
          Figures.of(store.summarize(query)),
          Figures.of(store.summarizeBySeries(query)),
          Figures.of(store.summarizeByComponent(query)),
          Figures.of(store.timeSeries(query, buckets)),
          store.last(query, 50),
          store.series(),
          all.toList());
    }
  }

  private static void compare(LatencyQuery query, LatencyStore store, NaiveStore naive) {
    assertThat(Figures.of(store.summarize(query)))
        .as("summary of %s", query)
        .isEqualTo(Figures.of(naive.summarize(query)));
    assertThat(store.last(query, 100)).as("last of %s", query).isEqualTo(naive.last(query, 100));
    try (Stream<LatencyMeasurement> all = store.stream(query)) {
      assertThat(all).as("stream of %s", query).isEqualTo(naive.inTimeOrder(query));
    }
  }

  @Test
  default void whatASeriesHasInFewHoursOfADayOrMonthGoesUp() {
    try (LatencyStore store = openLater(1)) {
      List<LatencyMeasurement> rare = new ArrayList<>();
      for (int day = 0; day < 64; day++) {
        for (int i = 0; i < 3; i++) {
          rare.add(Sample.of(NOON + (day * 24L + i) * 3_600_000_000L, i));
        }
      }
      store.append(rare);
      store.append(List.of(muchLater()));

      CompactionReport result = store.maintenance().compact();

      if (layout() == StoreLayout.BLOCKS) {
        // 64 days lie in three slots of 32 days.
        assertThat(result.fewer()).isEqualTo(64 * 3 - 3);
      }
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all.limit(rare.size())).isEqualTo(rare);
      }
    }
  }

  @Test
  default void metadataGoesAlong() {
    try (LatencyStore store = openLater(2)) {
      List<LatencyMeasurement> texts = new ArrayList<>();
      for (int n = 0; n < 300; n++) {
        texts.add(
            n % 3 == 0
                ? Sample.withMetadata(NOON + n, "{\"n\":" + n + "," + "\"x\":0".repeat(n) + "}")
                : Sample.of(NOON + n, n));
      }
      store.append(texts);
      store.append(List.of(muchLater()));

      store.maintenance().compact();

      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all.limit(300)).isEqualTo(texts);
      }
    }
  }

  /**
   * In batches of ten, 15 blocks of the hour from noon on: fewer than are merged while it lasts.
   */
  private static List<LatencyMeasurement> few() {
    return trickle(0, 150);
  }

  @Test
  default void thePresentIsLeftAloneWhileItsBlocksAreFew() {
    try (LatencyStore store =
        open(
            builder ->
                builder.clock(Sample.clockAt(NOON_INSTANT.plusSeconds(150))).appendBatch(10))) {
      store.append(few());

      assertThat(store.maintenance().compact().merged()).isZero();
    }
  }

  @Test
  default void aClockThatIsYearsAheadClosesNothingThatIsBeingRecorded() {
    try (LatencyStore store = openLater(10)) {
      store.append(few());

      assertThat(store.maintenance().compact().merged()).isZero();
    }
  }

  @Test
  default void aMeasurementThatIsYearsAheadClosesNothingOfThePresent() {
    try (LatencyStore store =
        open(
            builder ->
                builder.clock(Sample.clockAt(NOON_INSTANT.plusSeconds(150))).appendBatch(10))) {
      store.append(few());
      store.append(List.of(muchLater()));

      assertThat(store.maintenance().compact().merged()).isZero();
    }
  }

  @Test
  default void thePresentIsMergedWhereItsBlocksAreMany() {
    try (LatencyStore store =
        open(
            builder ->
                builder.clock(Sample.clockAt(NOON_INSTANT.plusSeconds(3_500))).appendBatch(10))) {
      List<LatencyMeasurement> trickle = trickle(0, 3_500);
      long fewer = 0;
      for (int from = 0; from < 3_500; from += 500) {
        store.append(trickle.subList(from, from + 500));
        fewer += store.maintenance().compact().fewer();
      }

      assertThat(fewer).isBetween(layout() == StoreLayout.ROWS ? 0L : 335, 349L);
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all.toList().equals(trickle)).isTrue();
      }
    }
  }

  @Test
  default void itEndsThoughEachStepBringsEnoughForAnother() {
    int most = 100;
    List<LatencyStore> opened = new CopyOnWriteArrayList<>();
    AtomicInteger steps = new AtomicInteger();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void maintained(MaintenanceStep step) {
            if (steps.incrementAndGet() <= most) {
              opened.forEach(store -> store.append(trickle(0, 20)));
            }
          }
        };
    try (LatencyStore store =
        open(
            builder ->
                builder
                    .clock(Sample.clockAt(NOON_INSTANT.plusSeconds(3_500)))
                    .appendBatch(1)
                    .listener(listener))) {
      opened.add(store);
      store.append(trickle(0, 500));

      store.maintenance().compact();

      assertThat(steps.get()).isLessThan(20);
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(500 + 20L * steps.get());
    }
  }

  @Test
  default void aPlanChangesNothing() {
    try (LatencyStore store = openLater(10)) {
      store.append(trickle(0, 3_600));
      store.append(List.of(muchLater()));

      CompactionReport plan = store.maintenance().planCompaction();

      assertThat(store.maintenance().planCompaction()).isEqualTo(plan);
      CompactionReport done = store.maintenance().compact();
      if (layout() == StoreLayout.BLOCKS) {
        assertThat(plan.merged()).isEqualTo(360);
        assertThat(plan.measurements()).isEqualTo(3_600);
        assertThat(done.fewer()).isGreaterThanOrEqualTo(plan.fewer());
      }
      assertThat(store.maintenance().planCompaction().merged()).isZero();
    }
  }

  @Test
  default void itIsDoneByItselfAndEveryStepIsTold() throws Exception {
    Queue<MaintenanceStep> steps = new ConcurrentLinkedQueue<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void maintained(MaintenanceStep step) {
            steps.add(step);
          }
        };
    try (LatencyStore store =
        open(
            builder ->
                builder
                    .clock(Sample.clockAt(LATER))
                    .appendBatch(10)
                    .listener(listener)
                    .maintenanceInterval(Duration.ofMillis(50)))) {
      assertThat(store.stats().maintenance().lastCompaction()).isNull();
      store.append(trickle(0, 3_600));
      store.append(List.of(muchLater()));

      Await.until(
          "nothing is left to merge",
          Duration.ofSeconds(30),
          () ->
              store.stats().maintenance().lastCompaction() != null
                  && store.maintenance().planCompaction().merged() == 0);

      assertThat(store.stats().maintenance().lastCompaction()).isEqualTo(LATER);
      if (layout() == StoreLayout.BLOCKS) {
        assertThat(steps)
            .isNotEmpty()
            .allSatisfy(
                step -> {
                  assertThat(step.kind()).isEqualTo(MaintenanceStep.Kind.COMPACT);
                  assertThat(step.count()).isPositive();
                  assertThat(step.took()).isPositive();
                });
        assertThat(steps.stream().mapToLong(MaintenanceStep::count).sum())
            .isGreaterThanOrEqualTo(360);
      }
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(3_601);
    }
  }

  @Test
  default void aStreamIsExactThoughBlocksAreMergedBetweenItsPages() {
    try (LatencyStore store = openLater(10)) {
      List<LatencyMeasurement> trickle = trickle(0, 8 * 3_600);
      store.append(trickle);
      store.append(List.of(muchLater()));
      List<LatencyMeasurement> streamed = new ArrayList<>();
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        Iterator<LatencyMeasurement> one = all.iterator();
        while (streamed.size() < 5_000) {
          streamed.add(one.next());
        }

        store.maintenance().compact();

        one.forEachRemaining(streamed::add);
      }
      streamed.remove(streamed.size() - 1);
      assertThat(streamed.equals(trickle)).isTrue();
    }
  }

  @Test
  default void questionsAreAnsweredExactlyMeanwhile() throws Exception {
    try (LatencyStore store = openLater(10)) {
      store.append(trickle(0, 8 * 3_600));
      store.append(List.of(muchLater()));
      LatencySummary expected = store.summarize(LatencyQuery.all());
      LatencyQuery own = LatencyQuery.all().component("editor");
      List<Callable<Long>> tasks =
          List.of(
              () -> store.maintenance().compact().measurements(),
              () -> store.maintenance().compact().measurements(),
              () -> askAgainAndAgain(store, own, expected),
              () -> recordSome(store));

      InThreads.run(tasks);

      Figures.assertSame(store.summarize(own), expected);
      assertThat(store.maintenance().compact().merged()).isZero();
      assertThat(store.summarize(LatencyQuery.all().component("other")).count()).isEqualTo(5_000);
    }
  }

  private static long askAgainAndAgain(
      LatencyStore store, LatencyQuery query, LatencySummary expected) {
    for (int i = 0; i < 40; i++) {
      Figures.assertSame(store.summarize(query), expected);
    }
    return expected.count();
  }

  private static long recordSome(LatencyStore store) {
    for (int i = 0; i < 5_000; i++) {
      store.recorder("other", "command").record(NOON, i);
      if (i % 1_000 == 999) {
        store.flush();
      }
    }
    return 5_000;
  }

  @Test
  default void whereACommitFailsNothingIsLostOrDoubled() {
    for (Point point : List.of(Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.BEGIN_READ)) {
      FaultyDialect faulty = new FaultyDialect(dialect());
      String component = point.name();
      LatencyQuery own = LatencyQuery.all().component(component);
      try (LatencyStore store =
          open(faulty, builder -> builder.clock(Sample.clockAt(LATER)).appendBatch(10))) {
        store.append(
            IntStream.range(0, 3_600)
                .mapToObj(
                    n ->
                        LatencyMeasurement.ofMicros(
                            NOON + n * 1_000_000L, n, component, "", true, null)));
        store.append(List.of(muchLater()));
        LatencySummary expected = store.summarize(own);
        faulty.at(
            point,
            arrival -> {
              if (arrival % 3 == 1) {
                throw new SQLException("injected fault");
              }
            });

        int failures = 0;
        for (int attempt = 0; attempt < 20; attempt++) {
          try {
            store.maintenance().compact();
          } catch (StoreException e) {
            failures++;
          }
        }
        faulty.heal();

        assertThat(failures).as("%s", point).isBetween(layout() == StoreLayout.ROWS ? 0 : 1, 20);
        Figures.assertSame(store.summarize(own), expected);
        store.maintenance().compact();
        assertThat(store.maintenance().compact().merged()).isZero();
        Figures.assertSame(store.summarize(own), expected);
      }
    }
  }
}
