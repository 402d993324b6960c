package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.FlushResult;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreOverloadedException;
import io.latencystore.StoreUnavailableException;
import io.latencystore.testkit.FaultyDialect.Point;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Questions that share few reading connections. */
interface PoolFacet extends StoreFixture {

  @Test
  default void questionsWaitForAConnectionAndAreThenRefusedWithTheStateOfThePool()
      throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store =
        open(faulty, builder -> builder.readers(1).readTimeout(Duration.ofMillis(300)))) {
      store.append(Sample.numbered(0, 10));
      faulty.at(Point.BEGIN_READ, arrival -> holdFirst(arrival, reading, release));
      FutureTask<Long> holder = new FutureTask<>(() -> store.summarize(LatencyQuery.all()).count());
      new Thread(holder, "holder").start();
      assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

      List<String> refusals = InThreads.run(questions(store));

      assertThat(refusals)
          .hasSize(64)
          .allSatisfy(
              message ->
                  assertThat(message)
                      .contains("1 of 1 are in use")
                      .contains("wait for one")
                      .contains("readers("));
      release.countDown();
      assertThat(holder.get(10, TimeUnit.SECONDS)).isEqualTo(10);
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(10);
    } finally {
      release.countDown();
    }
  }

  private static void holdFirst(long arrival, CountDownLatch reading, CountDownLatch release) {
    if (arrival == 1) {
      reading.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static List<Callable<String>> questions(LatencyStore store) {
    return IntStream.range(0, 64)
        .<Callable<String>>mapToObj(
            n ->
                () -> {
                  try {
                    return "answered: " + store.summarize(LatencyQuery.all()).count();
                  } catch (StoreOverloadedException e) {
                    return e.getMessage();
                  }
                })
        .toList();
  }

  @Test
  default void sixtyFourQuestionsShareOneConnection() throws Exception {
    try (LatencyStore store = open(builder -> builder.readers(1))) {
      store.append(Sample.numbered(0, 1_000));

      List<String> answers = InThreads.run(questions(store));

      assertThat(answers).hasSize(64).containsOnly("answered: 1000");
    }
  }

  @Test
  default void aSlowReaderHoldsUpNoWriter() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, builder -> builder)) {
      store.append(Sample.numbered(0, 10));
      faulty.at(Point.BEGIN_READ, arrival -> holdFirst(arrival, reading, release));
      FutureTask<Long> holder = new FutureTask<>(() -> store.summarize(LatencyQuery.all()).count());
      new Thread(holder, "holder").start();
      assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

      store.append(Sample.numbered(10, 20));

      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(20);
      release.countDown();
      assertThat(holder.get(10, TimeUnit.SECONDS)).isBetween(10L, 20L);
    } finally {
      release.countDown();
    }
  }

  @Test
  default void connectionsThatWereCutAreReplaced() throws Exception {
    FaultyDialect faulty = new FaultyDialect(dialect());
    try (LatencyStore store = open(faulty, builder -> builder.readers(2))) {
      store.append(Sample.numbered(0, 10));
      InThreads.run(questions(store));

      faulty.cutConnections();

      Await.until("a question is answered", Duration.ofSeconds(5), () -> answers(store));
      Sample.numbered(0, 10).forEach(store::record);
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(20);
    }
  }

  /** Whether a question is answered; one for each connection may fail. */
  private static boolean answers(LatencyStore store) {
    try {
      return store.summarize(LatencyQuery.all()).count() == 10;
    } catch (StoreUnavailableException e) {
      return false;
    }
  }
}
