package io.latencystore;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which measurements a question is about, and which percentiles its answer holds. Immutable and
 * safe to share; every method returns a new query, and naming a filter again replaces it.
 *
 * <p>Windows are half-open: a measurement at {@code from} is inside, one at {@code to} is not.
 * Bounds are floored to microseconds; a bound beyond signed 64-bit microseconds is no bound.
 */
public final class LatencyQuery {

  private static final LatencyQuery ALL =
      new LatencyQuery(
          null,
          null,
          null,
          Set.of(),
          Set.of(),
          null,
          0,
          null,
          percentileList(50, 90, 95, 99, 99.9));

  private final @Nullable Duration last;
  private final @Nullable Instant from;
  private final @Nullable Instant to;
  private final Set<String> components;
  private final Set<String> commands;
  private final @Nullable Boolean success;
  private final long minLatencyMicros;
  private final @Nullable Long latencyBelowMicros;
  private final List<BigDecimal> percentiles;

  private LatencyQuery(
      @Nullable Duration last,
      @Nullable Instant from,
      @Nullable Instant to,
      Set<String> components,
      Set<String> commands,
      @Nullable Boolean success,
      long minLatencyMicros,
      @Nullable Long latencyBelowMicros,
      List<BigDecimal> percentiles) {
    this.last = last;
    this.from = from;
    this.to = to;
    this.components = components;
    this.commands = commands;
    this.success = success;
    this.minLatencyMicros = minLatencyMicros;
    this.latencyBelowMicros = latencyBelowMicros;
    this.percentiles = percentiles;
  }

  /** Every measurement. */
  public static LatencyQuery all() {
    return ALL;
  }

  /**
   * The measurements of the last {@code duration} up to and including now; now is when the query is
   * answered, by the store's clock.
   *
   * @throws IllegalArgumentException if the duration is not positive
   */
  public static LatencyQuery last(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("last(" + duration + "): the duration must be positive");
    }
    return new LatencyQuery(
        duration, null, null, Set.of(), Set.of(), null, 0, null, ALL.percentiles);
  }

  /**
   * The measurements in {@code [from, to)}.
   *
   * @throws IllegalArgumentException if {@code from} is after {@code to}
   */
  public static LatencyQuery between(Instant from, Instant to) {
    return ALL.window(from, to);
  }

  /**
   * Only measurements in {@code [from, to)}, instead of the window named before.
   *
   * @param from null for no lower bound
   * @param to null for no upper bound
   * @throws IllegalArgumentException if {@code from} is after {@code to}
   */
  public LatencyQuery window(@Nullable Instant from, @Nullable Instant to) {
    if (from != null && to != null && from.isAfter(to)) {
      throw new IllegalArgumentException(
          "the window's from " + from + " is after its to " + to + "; swap them");
    }
    return new LatencyQuery(
        null,
        from,
        to,
        components,
        commands,
        success,
        minLatencyMicros,
        latencyBelowMicros,
        percentiles);
  }

  /** Only measurements of these components; none named means any. */
  public LatencyQuery component(String... names) {
    return components(Arrays.asList(names));
  }

  /** Only measurements of these components; none named means any. */
  public LatencyQuery components(Collection<String> names) {
    return new LatencyQuery(
        last,
        from,
        to,
        Set.copyOf(names),
        commands,
        success,
        minLatencyMicros,
        latencyBelowMicros,
        percentiles);
  }

  /** Only measurements of these commands; none named means any. */
  public LatencyQuery command(String... names) {
    return commands(Arrays.asList(names));
  }

  /** Only measurements of these commands; none named means any. */
  public LatencyQuery commands(Collection<String> names) {
    return new LatencyQuery(
        last,
        from,
        to,
        components,
        Set.copyOf(names),
        success,
        minLatencyMicros,
        latencyBelowMicros,
        percentiles);
  }

  /** Only successes. */
  public LatencyQuery successes() {
    return outcome(true);
  }

  /** Only failures. */
  public LatencyQuery failures() {
    return outcome(false);
  }

  private LatencyQuery outcome(boolean wanted) {
    return new LatencyQuery(
        last,
        from,
        to,
        components,
        commands,
        wanted,
        minLatencyMicros,
        latencyBelowMicros,
        percentiles);
  }

  /**
   * Only latencies of {@code atLeast} and more.
   *
   * @throws IllegalArgumentException if it is negative, too large, or not below the upper bound
   */
  public LatencyQuery latencyAtLeast(Duration atLeast) {
    return latencies(Micros.ofLatency(atLeast), latencyBelowMicros);
  }

  /**
   * Only latencies below {@code below}.
   *
   * @throws IllegalArgumentException if it is negative, too large, or not above the lower bound
   */
  public LatencyQuery latencyBelow(Duration below) {
    return latencies(minLatencyMicros, Micros.ofLatency(below));
  }

  private LatencyQuery latencies(long atLeast, @Nullable Long below) {
    if (below != null && atLeast >= below) {
      throw new IllegalArgumentException(
          "no latency is at least "
              + atLeast
              + " µs and below "
              + below
              + " µs; name a lower latencyAtLeast");
    }
    return new LatencyQuery(
        last, from, to, components, commands, success, atLeast, below, percentiles);
  }

  /**
   * The percentiles that a summary shall hold, instead of 50, 90, 95, 99 and 99.9. Named here, they
   * are computed exactly in bounded memory, however much the window holds.
   *
   * @param percentiles each from 0 to 100, taken by its decimal value
   * @throws IllegalArgumentException if one is not a number from 0 to 100
   */
  public LatencyQuery percentiles(double... percentiles) {
    return new LatencyQuery(
        last,
        from,
        to,
        components,
        commands,
        success,
        minLatencyMicros,
        latencyBelowMicros,
        percentileList(percentiles));
  }

  /**
   * No percentiles: what remains of a summary is answered from the headers of blocks, mostly
   * without decoding.
   */
  public LatencyQuery withoutPercentiles() {
    return percentiles(new double[0]);
  }

  /** The length of the window that ends when the query is answered, if the query is about one. */
  public Optional<Duration> last() {
    return Optional.ofNullable(last);
  }

  /** The moment the window begins, if the query names one. */
  public Optional<Instant> from() {
    return Optional.ofNullable(from);
  }

  /** The moment the window ends, itself outside, if the query names one. */
  public Optional<Instant> to() {
    return Optional.ofNullable(to);
  }

  /** The components asked for; empty for any. */
  public Set<String> components() {
    return components;
  }

  /** The commands asked for; empty for any. */
  public Set<String> commands() {
    return commands;
  }

  /** The outcome asked for; empty for either. */
  public Optional<Boolean> success() {
    return Optional.ofNullable(success);
  }

  /** The least latency asked for, in microseconds; 0 for any. */
  public long latencyAtLeastMicros() {
    return minLatencyMicros;
  }

  /** The latency that is too much, in microseconds, if the query names one. */
  public OptionalLong latencyBelowMicros() {
    return latencyBelowMicros == null ? OptionalLong.empty() : OptionalLong.of(latencyBelowMicros);
  }

  /** The percentiles that a summary holds, ascending, each once. */
  public List<BigDecimal> percentiles() {
    return percentiles;
  }

  /**
   * This query with its window as two moments: {@link #last} counted back from {@code now}, which
   * is still inside.
   *
   * @param now the moment to count from
   */
  public LatencyQuery at(Instant now) {
    if (last == null) {
      return this;
    }
    Instant to = Micros.toInstant(Micros.ofTimestamp(now)).plusNanos(1_000);
    Instant from;
    try {
      from = to.minus(last);
    } catch (java.time.DateTimeException | ArithmeticException e) {
      from = Instant.MIN;
    }
    return window(from, to);
  }

  /** The exact decimal value of a percentile, checked. */
  static BigDecimal percentile(double p) {
    if (!(p >= 0 && p <= 100)) {
      throw new IllegalArgumentException("percentile " + p + " is not from 0 to 100");
    }
    BigDecimal exact = BigDecimal.valueOf(p).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }

  private static List<BigDecimal> percentileList(double... percentiles) {
    Set<BigDecimal> ordered = new TreeSet<>();
    for (double p : percentiles) {
      ordered.add(percentile(p));
    }
    return List.copyOf(new ArrayList<>(ordered));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LatencyQuery query && parts().equals(query.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  @Override
  public String toString() {
    return "LatencyQuery[last, from, to, components, commands, success, atLeast µs, below µs, percentiles] = "
        + parts();
  }

  private List<@Nullable Object> parts() {
    return Arrays.asList(
        last,
        from,
        to,
        components,
        commands,
        success,
        minLatencyMicros,
        latencyBelowMicros,
        percentiles);
  }
}
