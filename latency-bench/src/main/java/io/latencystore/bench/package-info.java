/**
 * Benchmarks of the store, each beside what one would write without it.
 *
 * <p>What lives here: one class for each benchmark, named after its question ({@link
 * io.latencystore.bench.InsertThroughput}, {@link io.latencystore.bench.SummaryQuery}, {@link
 * io.latencystore.bench.Growth}); what they measure with ({@code Workload}, {@code ScratchFile});
 * the peer, plain SQL on the obvious table ({@code ObviousTable}, {@code OrderByOffset}, {@code
 * WindowFunction}); and {@link io.latencystore.bench.Machine}, which notes where results come from.
 *
 * <p>May import: the API of {@code io.latencystore} and nothing behind it, JMH, and JDBC for the
 * peer.
 *
 * <p>A benchmark never asserts time. It does check that everyone answers the same and that
 * everything inserted is there. Results are kept in {@code latency-bench/results}.
 *
 * <p>Start reading at {@link io.latencystore.bench.InsertThroughput}.
 */
@NullMarked
package io.latencystore.bench;

import org.jspecify.annotations.NullMarked;
