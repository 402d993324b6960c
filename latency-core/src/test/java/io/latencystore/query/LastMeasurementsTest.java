package io.latencystore.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.block.Workload;
import io.latencystore.block.Workload.Latencies;
import io.latencystore.block.Workload.Texts;
import io.latencystore.block.Workload.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class LastMeasurementsTest {

  @Property(tries = 400)
  void theLastOnesEqualTheNaiveOnes(
      @ForAll Times times,
      @ForAll Latencies latencies,
      @ForAll Texts texts,
      @ForAll @IntRange(min = 0, max = 800) int count,
      @ForAll @IntRange(min = 1, max = 30) int series,
      @ForAll long seed) {
    int few = texts == Texts.LONG ? Math.min(count, 100) : count;
    List<LatencyMeasurement> measurements =
        new Workload(times, latencies, texts, few, series, seed).measurements();
    MemorySource source = MemorySource.inPieces(measurements, seed);
    Random random = new Random(seed);
    LatencyQuery query = new Queries(random, measurements).next();
    List<LatencyMeasurement> expected =
        Naive.matching(measurements, query).stream().sorted(Naive.NEWEST_FIRST).toList();
    for (int n : new int[] {0, 1, 2, random.nextInt(few + 1), few, Integer.MAX_VALUE}) {
      List<LatencyMeasurement> last = LastMeasurements.find(source, query, n);

      assertThat(last).isEqualTo(expected.subList(0, Math.min(n, expected.size())));
    }
  }

  @Test
  void amongEqualTimestampsContentDecides() {
    List<LatencyMeasurement> ordered = new ArrayList<>();
    for (String component : new String[] {"", "a", "b", "\uffee", "\ud83d\ude80"}) {
      for (String command : new String[] {"", "B", "a"}) {
        for (long latency : new long[] {0, 5, Long.MAX_VALUE}) {
          for (boolean success : new boolean[] {false, true}) {
            for (String metadata : new String[] {"", "x", "\uffee", "\ud83d\ude80"}) {
              ordered.add(
                  LatencyMeasurement.ofMicros(7, latency, component, command, success, metadata));
            }
          }
        }
      }
    }
    ordered.add(0, LatencyMeasurement.ofMicros(7, 0, "", "", false, null));
    ordered.add(0, LatencyMeasurement.ofMicros(8, 0, "z", "z", true, null));
    List<LatencyMeasurement> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(1));

    List<LatencyMeasurement> last =
        LastMeasurements.find(MemorySource.of(shuffled), LatencyQuery.all(), ordered.size());

    assertThat(last).isEqualTo(ordered);
  }

  @Test
  void onlyTheNewestBlocksAreDecoded() {
    MemorySource source =
        MemorySource.of(
            new Workload(Times.CENTURIES, Latencies.LOGNORMAL, Texts.NONE, 50_000, 1, 1)
                .measurements());

    List<LatencyMeasurement> last = LastMeasurements.find(source, LatencyQuery.all(), 10);

    assertThat(last).hasSize(10);
    assertThat(source.decoded()).isLessThan(5);
  }

  @Test
  void duplicatesAreAllGiven() {
    LatencyMeasurement one = LatencyMeasurement.ofMicros(7, 5, "a", "b", true, "{}");
    List<LatencyMeasurement> hundred = Collections.nCopies(100, one);

    List<LatencyMeasurement> last =
        LastMeasurements.find(MemorySource.inPieces(hundred, 3), LatencyQuery.all(), 60);

    assertThat(last).isEqualTo(hundred.subList(0, 60));
  }
}
