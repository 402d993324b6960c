package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that records ten measurements a second, of five series, and flushes every five seconds. */
final class TrickleTest {

  private static final long SEED = 20_261_125;
  private static final int DAY_SECONDS = 86_400;
  private static final int FLUSH_SECONDS = 5;
  private static final int A_SECOND = 10;

  @TempDir Path directory;

  @Test
  void aDayOfItTakesLittleRoom() throws Exception {
    Path file = directory.resolve("latency.db");
    TestClock clock = new TestClock(Numbered.NOON);
    Random random = new Random(SEED);
    long measurements = 0;
    try (LatencyStore store =
        LatencyStore.builder("sqlite:" + file)
            .relaxed()
            .clock(clock)
            .appendBatch(FLUSH_SECONDS * A_SECOND)
            .open()) {
      for (int second = 0; second < DAY_SECONDS; second += FLUSH_SECONDS) {
        measurements += store.append(flush(clock, random));
        clock.advanceSeconds(FLUSH_SECONDS);
        if (second % 3_600 == 600) {
          long start = System.nanoTime();
          var r = store.maintenance().compact();
          System.err.println(second + " " + r + " " + (System.nanoTime() - start) / 1000_000 + " ms " + store.check().sizeBytes());
        }
      }
      store.maintenance().compact();

      double bytes = (double) store.check().sizeBytes() / measurements;
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(measurements);
      System.err.println(RawSql.row(file, "select count(*), sum(length(payload)) from latency_block"));
      System.err.println(RawSql.row(file, "select group_concat(x) from (select level||':'||count(*)||':'||sum(length(payload))||':'||sum(count) x from latency_block group by level)"));
      System.err.println(RawSql.row(file, "pragma freelist_count"));
      assertThat(bytes).as("bytes a measurement, seed %s", SEED).isLessThanOrEqualTo(8);
    }
  }

  private static List<LatencyMeasurement> flush(TestClock clock, Random random) {
    List<LatencyMeasurement> some = new ArrayList<>();
    for (int i = 0; i < FLUSH_SECONDS * A_SECOND; i++) {
      some.add(
          LatencyMeasurement.ofMicros(
              clock.micros() + random.nextInt(FLUSH_SECONDS * 1_000_000),
              (long) (3_000 * Math.exp(random.nextGaussian())),
              "editor",
              "command-" + random.nextInt(5),
              random.nextInt(50) > 0,
              null));
    }
    return some;
  }
}
