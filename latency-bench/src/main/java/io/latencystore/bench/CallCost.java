package io.latencystore.bench;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * What calls have cost the threads that made them, {@code -prof io.latencystore.bench.CallCost}:
 * processor time and garbage of the {@link Caller}s alone, where JMH's own profilers count the
 * writer's too.
 */
public final class CallCost implements InternalProfiler {

  private static final LongAdder CALLS = new LongAdder();
  private static final LongAdder DROPPED = new LongAdder();
  private static final LongAdder CPU_NANOS = new LongAdder();
  private static final LongAdder ALLOCATED_BYTES = new LongAdder();

  /** JMH makes one for each fork. */
  public CallCost() {}

  /** Adds what the calls of one thread in one iteration have cost. */
  static void add(long calls, long cpuNanos, long allocatedBytes) {
    CALLS.add(calls);
    CPU_NANOS.add(cpuNanos);
    ALLOCATED_BYTES.add(allocatedBytes);
  }

  /** Adds calls that found no room for their measurement. */
  static void addDropped(long calls) {
    DROPPED.add(calls);
  }

  @Override
  public String getDescription() {
    return "Processor time and garbage of the threads that record, by call";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    CALLS.reset();
    DROPPED.reset();
    CPU_NANOS.reset();
    ALLOCATED_BYTES.reset();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double calls = CALLS.sum();
    if (calls == 0) {
      return List.of();
    }
    return List.of(
        average("cpu", CPU_NANOS.sum() / calls, "ns/call"),
        average("allocated", ALLOCATED_BYTES.sum() / calls, "B/call"),
        new ScalarResult("dropped", DROPPED.sum(), "calls", AggregationPolicy.SUM));
  }

  private static ScalarResult average(String name, double value, String unit) {
    return new ScalarResult(name, value, unit, AggregationPolicy.AVG);
  }
}
