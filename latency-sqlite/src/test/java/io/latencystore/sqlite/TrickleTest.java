package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import io.latencystore.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon that records ten measurements a second, of five series, and stores every five seconds.
 */
final class TrickleTest {

  private static final long SEED = 20_261_125;
  private static final int DAY_SECONDS = 86_400;
  private static final int EVERY_SECONDS = 5;
  private static final int AT_ONCE = 10 * EVERY_SECONDS;
  private static final int HOUR_SECONDS = 3_600;

  @TempDir Path directory;

  @Test
  void aDayOfItTakesLittleRoom() throws Exception {
    Path file = directory.resolve("latency.db");
    ManualClock clock = new ManualClock(Micros.toInstant(Numbered.NOON));
    Random random = new Random(SEED);
    long measurements = 0;
    long sumMicros = 0;
    try (LatencyStore store =
        LatencyStore.builder("sqlite:" + file).relaxed().clock(clock).appendBatch(AT_ONCE).open()) {
      for (int second = 0; second < DAY_SECONDS; second += EVERY_SECONDS) {
        List<LatencyMeasurement> next = next(clock, random);
        measurements += store.append(next);
        sumMicros += next.stream().mapToLong(LatencyMeasurement::latencyMicros).sum();
        clock.advance(Duration.ofSeconds(EVERY_SECONDS));
        if (second % HOUR_SECONDS == 0) {
          store.maintenance().compact();
        }
      }
      store.maintenance().compact();

      LatencySummary all = store.summarize(LatencyQuery.all());
      assertThat(all.count()).isEqualTo(measurements);
      assertThat(all.sumMicros()).isEqualTo(sumMicros);
      assertThat((double) store.check().sizeBytes() / measurements)
          .as("bytes a measurement, seed %s", SEED)
          .isLessThanOrEqualTo(8);
    }
    assertThat(RawSql.row(file, "PRAGMA integrity_check")).containsExactly("ok");
  }

  private static List<LatencyMeasurement> next(ManualClock clock, Random random) {
    List<LatencyMeasurement> measurements = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      measurements.add(
          LatencyMeasurement.ofMicros(
              Micros.ofTimestamp(clock.instant()) + random.nextInt(EVERY_SECONDS * 1_000_000),
              (long) (3_000 * Math.exp(random.nextGaussian())),
              "editor",
              "command-" + random.nextInt(5),
              random.nextInt(50) > 0,
              null));
    }
    return measurements;
  }
}
