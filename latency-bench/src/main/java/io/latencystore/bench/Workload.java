package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Made-up measurements, the same ones every time: a million an hour, roughly in the order of time.
 *
 * <p>Series are chosen by Zipf's law, so that the first of 96 gets a fifth of everything and the
 * last a five-hundredth. Latencies are lognormal around a median of the series' own. One in a
 * hundred operations fails.
 */
final class Workload {

  private static final long SEED = 0x1a7e_9c75_70e1L;

  /** The moment before all measurements. */
  static final long BEGIN_MICROS = 1_767_225_600_000_000L;

  private static final double GAP_MICROS = 3_600;
  private static final double JITTER_MICROS = 5_000;
  private static final double MEDIAN_MICROS = 2_000;
  private static final double SPREAD_OF_MEDIANS = 1;
  private static final double SPREAD_OF_LATENCIES = 0.6;
  private static final double FAILURES = 0.01;

  private static final List<String> COMPONENTS =
      List.of(
          "editor",
          "lsp",
          "build",
          "git",
          "search",
          "terminal",
          "debugger",
          "tests",
          "indexer",
          "formatter",
          "linter",
          "packages");
  private static final List<String> COMMANDS =
      List.of("open", "save", "complete", "hover", "resolve", "refresh", "query", "render");

  /** The most series there are names for. */
  static final int MAX_SERIES = 96;

  private static final List<Series> SERIES =
      IntStream.range(0, MAX_SERIES)
          .mapToObj(
              i ->
                  new Series(
                      COMPONENTS.get(i % COMPONENTS.size()), COMMANDS.get(i / COMPONENTS.size())))
          .toList();

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final double[] shares;
  private final double[] medianMicros;
  private double clockMicros;

  /**
   * A workload from its begin.
   *
   * @param series how many, from 1 to {@value #MAX_SERIES}
   */
  Workload(int series) {
    if (series < 1 || series > MAX_SERIES) {
      throw new IllegalArgumentException(
          "series=" + series + ": must be from 1 to " + MAX_SERIES + ", there are no more names");
    }
    shares = new double[series];
    medianMicros = new double[series];
    double sum = 0;
    for (int i = 0; i < series; i++) {
      sum += 1.0 / (i + 1);
      shares[i] = sum;
      medianMicros[i] = MEDIAN_MICROS * lognormal(SPREAD_OF_MEDIANS);
    }
  }

  /** The name of a series, from the most frequent on. */
  static Series series(int index) {
    return SERIES.get(index);
  }

  /** Which series has this name. */
  static int indexOf(Series name) {
    return SERIES.indexOf(name);
  }

  /** The next measurements. */
  List<LatencyMeasurement> next(int count) {
    List<LatencyMeasurement> measurements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      measurements.add(next());
    }
    return measurements;
  }

  private LatencyMeasurement next() {
    int series = chooseSeries();
    clockMicros += GAP_MICROS * -Math.log(1 - random.nextDouble());
    double timestamp = clockMicros + JITTER_MICROS * random.nextDouble();
    double latency = medianMicros[series] * lognormal(SPREAD_OF_LATENCIES);
    return LatencyMeasurement.ofMicros(
        BEGIN_MICROS + (long) timestamp,
        Math.max(1, (long) latency),
        SERIES.get(series).component(),
        SERIES.get(series).command(),
        random.nextDouble() >= FAILURES,
        null);
  }

  private int chooseSeries() {
    double wanted = random.nextDouble() * shares[shares.length - 1];
    int series = 0;
    while (shares[series] <= wanted) {
      series++;
    }
    return series;
  }

  private double lognormal(double sigma) {
    return StrictMath.exp(sigma * random.nextGaussian());
  }
}
