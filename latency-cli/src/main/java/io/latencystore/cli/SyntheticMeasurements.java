package io.latencystore.cli;

import io.latencystore.LatencyMeasurement;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * Made-up measurements of a developer's tools, in time order, the same ones for the same arguments.
 *
 * <p>Latencies are lognormal, with one in two hundred slower by far; load comes and goes in waves,
 * and once, after two thirds of the time, everything is slow for a while. One in a hundred
 * operations fails, late.
 */
final class SyntheticMeasurements implements Iterator<LatencyMeasurement> {

  private static final long SEED = 0x1a7e_9c75_70e1L;
  private static final double FAILURES = 0.01;
  private static final double OUTLIERS = 0.005;
  private static final double WAVES = 5;
  private static final double SWING = 0.5;

  /**
   * What is measured.
   *
   * @param weight how often, compared with the others
   * @param medianMicros the median latency
   * @param sigma the spread of the logarithm of latencies
   */
  private record Operation(
      String component, String command, int weight, double medianMicros, double sigma) {}

  private static final List<Operation> OPERATIONS =
      List.of(
          new Operation("editor", "completion", 220, 1_400, 0.7),
          new Operation("editor", "hover", 90, 600, 0.6),
          new Operation("editor", "signature-help", 60, 500, 0.6),
          new Operation("editor", "highlight", 140, 250, 0.5),
          new Operation("editor", "format", 12, 3_200, 0.6),
          new Operation("editor", "rename", 3, 4_800, 0.8),
          new Operation("editor", "go-to-definition", 25, 900, 0.7),
          new Operation("editor", "find-references", 8, 4_100, 0.8),
          new Operation("editor", "save", 18, 1_900, 0.5),
          new Operation("lsp", "textDocument/didChange", 160, 350, 0.5),
          new Operation("lsp", "textDocument/publishDiagnostics", 75, 2_600, 0.7),
          new Operation("lsp", "textDocument/semanticTokens", 70, 1_700, 0.6),
          new Operation("lsp", "textDocument/codeAction", 35, 1_100, 0.7),
          new Operation("lsp", "textDocument/documentSymbol", 20, 800, 0.6),
          new Operation("lsp", "workspace/symbol", 6, 3_900, 0.8),
          new Operation("build", "compile-file", 22, 4_600, 0.8),
          new Operation("build", "resolve-classpath", 4, 3_500, 0.7),
          new Operation("build", "run-test", 10, 4_900, 0.8),
          new Operation("git", "status", 30, 2_200, 0.5),
          new Operation("git", "blame", 7, 3_700, 0.7),
          new Operation("git", "diff", 16, 1_500, 0.6),
          new Operation("search", "files", 14, 1_200, 0.6),
          new Operation("search", "text", 11, 3_000, 0.8),
          new Operation("terminal", "keystroke", 120, 200, 0.5));

  private static final Operation[] BY_WEIGHT =
      OPERATIONS.stream()
          .flatMap(each -> Collections.nCopies(each.weight(), each).stream())
          .toArray(Operation[]::new);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final long count;
  private final long fromMicros;
  private final long lengthMicros;
  private long made;

  /**
   * Measurements over a stretch of time.
   *
   * @param count how many
   * @param fromMicros its begin in microseconds since the epoch
   * @param lengthMicros its length in microseconds
   */
  SyntheticMeasurements(long count, long fromMicros, long lengthMicros) {
    this.count = count;
    this.fromMicros = fromMicros;
    this.lengthMicros = lengthMicros;
  }

  @Override
  public boolean hasNext() {
    return made < count;
  }

  @Override
  public LatencyMeasurement next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    double progress = (made++ + random.nextDouble()) / count;
    Operation operation = BY_WEIGHT[random.nextInt(BY_WEIGHT.length)];
    boolean success = random.nextDouble() >= FAILURES;
    double latency = operation.medianMicros() * spread(operation) * slowness(progress);
    return LatencyMeasurement.ofMicros(
        fromMicros + (long) (lengthMicros * elapsed(progress)),
        Math.max(1, (long) (success ? latency : latency * 3)),
        operation.component(),
        operation.command(),
        success,
        null);
  }

  private double spread(Operation operation) {
    double lognormal = StrictMath.exp(operation.sigma() * random.nextGaussian());
    return random.nextDouble() < OUTLIERS ? lognormal * (4 + 16 * random.nextDouble()) : lognormal;
  }

  /** How slow everything is at this share of the measurements. */
  private static double slowness(double progress) {
    double distance = (progress - 0.68) / 0.03;
    return 1 + 1.5 * StrictMath.exp(-distance * distance);
  }

  /**
   * The share of the time that has gone by at a share of the measurements: fast in the waves, slow
   * between.
   */
  private static double elapsed(double progress) {
    double angle = 2 * StrictMath.PI * WAVES;
    return Math.min(
        progress + SWING * StrictMath.sin(angle * progress) / angle, Math.nextDown(1.0));
  }
}
