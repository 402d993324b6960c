package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Micros;
import io.latencystore.policy.RetentionPolicy;
import io.latencystore.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is used for a thousand days, and keeps sixty. */
final class ThousandDaysTest {

  private static final long SEED = 20_261_125;
  private static final int DAYS = 1_000;
  private static final int KEPT_DAYS = 60;
  private static final int SETTLED_DAYS = 200;
  private static final int CYCLE_DAYS = 32;
  private static final int COMPARED_DAYS = 12 * CYCLE_DAYS;
  private static final int SERIES = 8;
  private static final int AN_HOUR = 25;
  private static final int AT_ONCE = 60;

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock(Micros.toInstant(Numbered.NOON));
  private final Random random = new Random(SEED);

  private Path file() {
    return directory.resolve("latency.db");
  }

  @Test
  void sizeBlocksAndFilesStayWhatTheyAre() throws Exception {
    Figures early = new Figures();
    Figures late = new Figures();
    try (LatencyStore store =
        LatencyStore.builder("sqlite:" + file())
            .relaxed()
            .clock(clock)
            .appendBatch(AT_ONCE)
            .retention(RetentionPolicy.keepFor(Duration.ofDays(KEPT_DAYS)))
            .open()) {
      for (int day = 0; day < DAYS; day++) {
        store.append(aDay());
        store.maintenance().applyRetention();
        store.maintenance().compact();
        if (day >= SETTLED_DAYS && day < SETTLED_DAYS + COMPARED_DAYS) {
          look(early, store);
        } else if (day >= DAYS - COMPARED_DAYS) {
          look(late, store);
        }
      }
    }

    assertFlat("bytes", early.bytes, late.bytes);
    assertFlat("blocks", early.blocks, late.blocks);
    assertThat(late.files).as("files").isEqualTo(early.files);
    assertThat(RawSql.row(file(), "PRAGMA integrity_check")).containsExactly("ok");
  }

  /** What a stretch of days saw. Months are merged when they end, so it is whole months. */
  private static final class Figures {
    final LongSummaryStatistics bytes = new LongSummaryStatistics();
    final LongSummaryStatistics blocks = new LongSummaryStatistics();
    final Set<Long> files = new TreeSet<>();
  }

  private void look(Figures figures, LatencyStore store) throws Exception {
    figures.bytes.accept(store.check().sizeBytes());
    figures.blocks.accept(blocks());
    figures.files.add(files());
    assertThat(store.summarize(LatencyQuery.all().withoutPercentiles()).count())
        .as("at %s, seed %s", clock.instant(), SEED)
        .isBetween(KEPT_DAYS * 24L * AN_HOUR, (KEPT_DAYS + 1) * 24L * AN_HOUR);
  }

  private static void assertFlat(
      String what, LongSummaryStatistics early, LongSummaryStatistics late) {
    assertThat(late.getAverage())
        .as("%s, early %s and late %s", what, early, late)
        .isCloseTo(early.getAverage(), withPercentage(10));
    assertThat((double) late.getMax())
        .as("%s, early %s and late %s", what, early, late)
        .isCloseTo((double) early.getMax(), withPercentage(20));
  }

  private List<LatencyMeasurement> aDay() {
    List<LatencyMeasurement> measurements = new ArrayList<>();
    long between = 3_600_000_000L / AN_HOUR;
    for (int i = 0; i < 24 * AN_HOUR; i++) {
      measurements.add(
          LatencyMeasurement.ofMicros(
              Micros.ofTimestamp(clock.instant()) + i * between + random.nextInt((int) between),
              (long) (3_000 * Math.exp(random.nextGaussian())),
              "editor",
              "command-" + random.nextInt(SERIES),
              random.nextInt(50) > 0,
              null));
    }
    clock.advance(Duration.ofDays(1));
    return measurements;
  }

  private long blocks() throws Exception {
    return Long.parseLong(RawSql.row(file(), "SELECT count(*) FROM latency_block").get(0));
  }

  private long files() throws Exception {
    try (Stream<Path> found = Files.walk(directory)) {
      return found.filter(Files::isRegularFile).count();
    }
  }
}
