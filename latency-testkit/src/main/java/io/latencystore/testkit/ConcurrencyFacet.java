package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.StoreState;
import io.latencystore.StoreStats;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many threads at one store. */
interface ConcurrencyFacet extends StoreFixture {

  @Test
  default void threadsThatRecordAppendAndAskAtOnceLoseAndRepeatNothing() throws Exception {
    try (LatencyStore store = open(builder -> builder.appendBatch(250))) {
      List<Callable<Void>> tasks =
          List.of(
              () -> record(store, "record-1", 20_000),
              () -> record(store, "record-2", 20_000),
              () -> append(store, "append-1", 5_000),
              () -> append(store, "append-2", 5_000),
              () -> ask(store, 30),
              () -> ask(store, 30));

      InThreads.run(tasks);

      store.flush();
      var counts = store.summarizeByComponent(LatencyQuery.all());
      assertThat(counts.keySet()).containsExactly("append-1", "append-2", "record-1", "record-2");
      assertThat(counts.values().stream().map(summary -> summary.count()))
          .containsExactly(5_000L, 5_000L, 20_000L, 20_000L);
      assertThat(counts.values().stream().map(summary -> summary.sumMicros().longValueExact()))
          .containsExactly(12_497_500L, 12_497_500L, 199_990_000L, 199_990_000L);
      assertThat(store.stats())
          .isEqualTo(
              new StoreStats(StoreState.HEALTHY, 40_000, 10_000, 0, 50_000, 0, Map.of(), Map.of()));
    }
  }

  private static Void record(LatencyStore store, String component, int count) {
    LatencyRecorder recorder = store.recorder(component, "command");
    for (int i = 0; i < count; i++) {
      recorder.record(NOON + i, i);
    }
    return null;
  }

  private static Void append(LatencyStore store, String component, int count) {
    store.append(
        LongStream.range(0, count)
            .mapToObj(i -> LatencyMeasurement.ofMicros(NOON + i, i, component, "", true, null)));
    return null;
  }

  private static Void ask(LatencyStore store, int times) {
    long before = 0;
    for (int i = 0; i < times; i++) {
      long count = store.summarize(LatencyQuery.all()).count();
      assertThat(count).as("what was seen once stays").isGreaterThanOrEqualTo(before);
      before = count;
    }
    return null;
  }

  @Test
  default void eachThreadSeesWhatItRecordedBefore() throws Exception {
    try (LatencyStore store = open()) {
      List<Callable<Void>> tasks =
          IntStream.range(0, 4)
              .<Callable<Void>>mapToObj(n -> () -> recordAndAsk(store, "thread-" + n))
              .toList();

      InThreads.run(tasks);

      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(40);
    }
  }

  private static Void recordAndAsk(LatencyStore store, String component) {
    LatencyRecorder recorder = store.recorder(component, "command");
    LatencyQuery own = LatencyQuery.all().component(component);
    for (int i = 1; i <= 10; i++) {
      recorder.record(NOON + i, i);
      assertThat(store.summarize(own).count()).isEqualTo(i);
    }
    return null;
  }

  @Test
  default void aHundredQuestionsAtOnceAreAllAnswered() throws Exception {
    try (LatencyStore store = open()) {
      store.append(Sample.numbered(0, 10_000));
      List<Callable<Long>> questions =
          IntStream.range(0, 100)
              .<Callable<Long>>mapToObj(n -> () -> store.summarize(LatencyQuery.all()).count())
              .toList();

      List<Long> counts = InThreads.run(questions);

      assertThat(counts).hasSize(100).containsOnly(10_000L);
    }
  }
}
