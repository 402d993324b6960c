package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import io.latencystore.TimeBucket;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long questions take about what a daemon recorded that measures ten times a second, in five
 * series, and stores every five seconds: as it was stored, a minute after compaction, and where the
 * same was loaded at once into full blocks. The clock stands at the end of the last hour.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 3,
    jvmArgs = {"-Xms1g", "-Xmx1g"})
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the setup method first
public class Compaction {

  /** How it came to be stored. */
  public enum Stored {
    /** All in one transaction. */
    AT_ONCE,
    /** Every five seconds, and compacted a minute before the end, as it is each minute. */
    COMPACTED,
    /** Every five seconds. */
    BY_AND_BY
  }

  private static final long SEED = 0x1a7e_9c75_70e1L;
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final int SERIES = 5;
  private static final int A_SECOND = 10;
  private static final int EVERY_SECONDS = 5;
  private static final int LAST_MINUTE = 60 * A_SECOND;
  private static final double MEDIAN_MICROS = 3_000;
  private static final double FAILURES = 0.02;

  /** How it came to be stored. */
  @Param Stored stored;

  /** For how long the daemon recorded. */
  @Param("24")
  int hours;

  private ScratchFile file;
  private LatencyStore store;
  private LatencyQuery all;
  private LatencyQuery anHour;

  /** Stores what the daemon recorded, the same each time. */
  @Setup(Level.Trial)
  public void fill() throws IOException {
    file = ScratchFile.temporary();
    Duration recorded = Duration.ofHours(hours);
    int count = Math.toIntExact(recorded.toSeconds() * A_SECOND);
    store =
        LatencyStore.builder(file.url())
            .relaxed()
            .clock(Clock.fixed(BEGIN.plus(recorded), ZoneOffset.UTC))
            .appendBatch(stored == Stored.AT_ONCE ? count : EVERY_SECONDS * A_SECOND)
            .open();
    List<LatencyMeasurement> measurements = measurements(count);
    int compacted = stored == Stored.COMPACTED ? count - LAST_MINUTE : count;
    store.append(measurements.subList(0, compacted));
    if (stored == Stored.COMPACTED) {
      store.maintenance().compact();
    }
    store.append(measurements.subList(compacted, count));
    all = LatencyQuery.all();
    Instant from = BEGIN.plus(recorded.dividedBy(2)).truncatedTo(ChronoUnit.HOURS);
    anHour = LatencyQuery.between(from, from.plus(Duration.ofHours(1)));
    if (store.summarize(all).count() != count) {
      throw new IllegalStateException("not all " + count + " measurements are there");
    }
  }

  private static List<LatencyMeasurement> measurements(int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    long begin = Micros.ofTimestamp(BEGIN);
    List<LatencyMeasurement> measurements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      measurements.add(
          LatencyMeasurement.ofMicros(
              begin + i * 1_000_000L / A_SECOND + random.nextInt(1_000_000 / A_SECOND),
              (long) (MEDIAN_MICROS * StrictMath.exp(random.nextGaussian())),
              "daemon",
              "command-" + random.nextInt(SERIES),
              random.nextDouble() >= FAILURES,
              null));
    }
    return measurements;
  }

  /** Percentiles of everything. */
  @Benchmark
  public LatencySummary everything() {
    return store.summarize(all);
  }

  /** Percentiles of an hour in the middle. */
  @Benchmark
  public LatencySummary anHour() {
    return store.summarize(anHour);
  }

  /** Percentiles of each minute of that hour, of one series. */
  @Benchmark
  public List<TimeBucket> minutes() {
    return store.timeSeries(anHour.command("command-0"), Duration.ofMinutes(1));
  }

  /** Count and errors of everything, from the headers. */
  @Benchmark
  public LatencySummary counts() {
    return store.summarize(all.withoutPercentiles());
  }

  /** Leaves nothing behind. */
  @TearDown(Level.Trial)
  public void tidyUp() throws IOException {
    store.close();
    file.close();
  }
}
