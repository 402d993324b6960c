package io.latencystore.bench;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * What a benchmark notes beside its score, {@code -prof io.latencystore.bench.Figures}. JMH's own
 * counters add the iterations up; here the greatest is the greatest, and a size an average.
 */
public final class Figures implements InternalProfiler {

  private static final Map<String, ScalarResult> NOTED = new ConcurrentSkipListMap<>();

  /** JMH makes one for each fork. */
  public Figures() {}

  /** Notes how large something is. */
  static void size(String name, long bytes) {
    note(name, (double) bytes, "B", AggregationPolicy.AVG);
  }

  /** Notes how long something took, beside what the score says. */
  static void took(String name, long nanos) {
    note(name, nanos / 1e6, "ms", AggregationPolicy.AVG);
  }

  /** Notes how long the longest of several took. */
  static void longest(String name, long nanos) {
    note(name, nanos / 1e3, "us", AggregationPolicy.MAX);
  }

  /** Notes how many there were. */
  static void count(String name, long count) {
    note(name, (double) count, "#", AggregationPolicy.SUM);
  }

  private static void note(String name, double value, String unit, AggregationPolicy policy) {
    NOTED.put(name, new ScalarResult(name, value, unit, policy));
  }

  @Override
  public String getDescription() {
    return "Sizes, counts and the longest of several times, as benchmarks note them";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    NOTED.clear();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    return List.copyOf(NOTED.values());
  }
}
