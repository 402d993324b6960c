package io.latencystore.testkit;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.TimeBucket;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers the questions of a store from a plain list, by the definitions and without regard for
 * speed: what a real store is compared with. Queries have windows of two moments, or none. For one
 * thread.
 */
public final class NaiveStore {

  private static final Comparator<String> BY_CODE_POINT =
      (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

  private static final Comparator<LatencyMeasurement> WITHIN_A_TIMESTAMP =
      Comparator.comparing(LatencyMeasurement::component, BY_CODE_POINT)
          .thenComparing(LatencyMeasurement::command, BY_CODE_POINT)
          .thenComparing(LatencyMeasurement::latency)
          .thenComparing(measurement -> measurement.success() ? 1 : 0)
          .thenComparing(NaiveStore::metadata, Comparator.nullsFirst(BY_CODE_POINT));

  private final List<LatencyMeasurement> measurements = new ArrayList<>();

  /** A store without measurements. */
  public NaiveStore() {}

  /** Keeps a measurement. */
  public void add(LatencyMeasurement measurement) {
    measurements.add(measurement);
  }

  /** Keeps measurements. */
  public void addAll(Collection<LatencyMeasurement> more) {
    measurements.addAll(more);
  }

  /** The measurements of a query, in the order they were added. */
  public List<LatencyMeasurement> matching(LatencyQuery query) {
    return measurements.stream().filter(measurement -> matches(query, measurement)).toList();
  }

  private static boolean matches(LatencyQuery query, LatencyMeasurement measurement) {
    Instant at = measurement.timestamp();
    long latency = measurement.latencyMicros();
    return query.from().map(from -> !at.isBefore(floor(from))).orElse(true)
        && query.to().map(to -> at.isBefore(floor(to))).orElse(true)
        && (query.components().isEmpty() || query.components().contains(measurement.component()))
        && (query.commands().isEmpty() || query.commands().contains(measurement.command()))
        && query.success().map(wanted -> wanted == measurement.success()).orElse(true)
        && latency >= query.latencyAtLeastMicros()
        && (query.latencyBelowMicros().isEmpty()
            || latency < query.latencyBelowMicros().getAsLong());
  }

  /** See {@link io.latencystore.LatencyStore#summarize}. */
  public LatencySummary summarize(LatencyQuery query) {
    return summary(query, matching(query));
  }

  /** See {@link io.latencystore.LatencyStore#summarizeBySeries}. */
  public SortedMap<Series, LatencySummary> summarizeBySeries(LatencyQuery query) {
    return grouped(
        query,
        NaiveStore::seriesOf,
        Comparator.comparing(Series::component, BY_CODE_POINT)
            .thenComparing(Series::command, BY_CODE_POINT));
  }

  /** See {@link io.latencystore.LatencyStore#summarizeByComponent}. */
  public SortedMap<String, LatencySummary> summarizeByComponent(LatencyQuery query) {
    return grouped(query, LatencyMeasurement::component, BY_CODE_POINT);
  }

  private <K> SortedMap<K, LatencySummary> grouped(
      LatencyQuery query, Function<LatencyMeasurement, K> key, Comparator<K> order) {
    SortedMap<K, LatencySummary> summaries = new TreeMap<>(order);
    matching(query).stream()
        .collect(Collectors.groupingBy(key))
        .forEach((group, members) -> summaries.put(group, summary(query, members)));
    return summaries;
  }

  private static LatencySummary summary(LatencyQuery query, List<LatencyMeasurement> members) {
    if (query.from().isEmpty() || query.to().isEmpty()) {
      return NaiveSummary.of(members, query.percentiles(), OptionalDouble.empty());
    }
    BigInteger length = micros(query.to().get()).subtract(micros(query.from().get()));
    return NaiveSummary.of(
        members, query.percentiles(), OptionalDouble.of(length.doubleValue() / 1e6));
  }

  /** See {@link io.latencystore.LatencyStore#timeSeries}; for few buckets. */
  public List<TimeBucket> timeSeries(LatencyQuery query, Duration width, Instant origin) {
    List<LatencyMeasurement> members = matching(query);
    if (members.isEmpty() && (query.from().isEmpty() || query.to().isEmpty())) {
      return List.of();
    }
    List<Instant> moments = members.stream().map(LatencyMeasurement::timestamp).sorted().toList();
    BigInteger first = micros(query.from().orElseGet(() -> moments.get(0)));
    BigInteger last =
        query
            .to()
            .map(to -> micros(to).subtract(BigInteger.ONE))
            .orElseGet(() -> micros(moments.get(moments.size() - 1)));
    BigInteger step = BigInteger.valueOf(width.toNanos() / 1_000);
    BigInteger offset = micros(origin);
    List<TimeBucket> buckets = new ArrayList<>();
    BigInteger start = floorDiv(first.subtract(offset), step).multiply(step).add(offset);
    while (start.compareTo(last) <= 0 && first.compareTo(last) <= 0) {
      BigInteger end = start.add(step);
      buckets.add(
          new TimeBucket(
              instant(start), instant(end), bucket(query, members, start, end, first, last)));
      start = end;
    }
    return buckets;
  }

  private static LatencySummary bucket(
      LatencyQuery query,
      List<LatencyMeasurement> members,
      BigInteger start,
      BigInteger end,
      BigInteger first,
      BigInteger last) {
    BigInteger covered = end.min(last.add(BigInteger.ONE)).subtract(start.max(first));
    boolean bounded = query.from().isPresent() && query.to().isPresent();
    return NaiveSummary.of(
        members.stream()
            .filter(member -> micros(member.timestamp()).compareTo(start) >= 0)
            .filter(member -> micros(member.timestamp()).compareTo(end) < 0)
            .toList(),
        query.percentiles(),
        bounded ? OptionalDouble.of(covered.doubleValue() / 1e6) : OptionalDouble.empty());
  }

  /** See {@link io.latencystore.LatencyStore#last}. */
  public List<LatencyMeasurement> last(LatencyQuery query, int n) {
    return matching(query).stream()
        .sorted(
            Comparator.comparing(LatencyMeasurement::timestamp)
                .reversed()
                .thenComparing(WITHIN_A_TIMESTAMP))
        .limit(n)
        .toList();
  }

  /** See {@link io.latencystore.LatencyStore#stream}. */
  public List<LatencyMeasurement> inTimeOrder(LatencyQuery query) {
    return matching(query).stream()
        .sorted(
            Comparator.comparing(LatencyMeasurement::timestamp).thenComparing(WITHIN_A_TIMESTAMP))
        .toList();
  }

  /** See {@link io.latencystore.LatencyStore#series}. */
  public List<Series> series() {
    return List.copyOf(summarizeBySeries(LatencyQuery.all()).keySet());
  }

  private static Series seriesOf(LatencyMeasurement measurement) {
    return new Series(measurement.component(), measurement.command());
  }

  private static @Nullable String metadata(LatencyMeasurement measurement) {
    return measurement.metadata();
  }

  private static Instant floor(Instant bound) {
    return bound.truncatedTo(ChronoUnit.MICROS);
  }

  private static BigInteger micros(Instant moment) {
    return BigInteger.valueOf(moment.getEpochSecond())
        .multiply(BigInteger.valueOf(1_000_000))
        .add(BigInteger.valueOf(moment.getNano() / 1_000));
  }

  private static Instant instant(BigInteger micros) {
    BigInteger million = BigInteger.valueOf(1_000_000);
    BigInteger seconds = floorDiv(micros, million);
    return Instant.ofEpochSecond(
        seconds.longValueExact(),
        micros.subtract(seconds.multiply(million)).longValueExact() * 1_000);
  }

  private static BigInteger floorDiv(BigInteger dividend, BigInteger divisor) {
    BigInteger[] parts = dividend.divideAndRemainder(divisor);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }
}
