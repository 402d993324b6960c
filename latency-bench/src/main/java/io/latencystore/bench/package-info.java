/**
 * Benchmarks of the store, each beside what one would write without it.
 *
 * <p>What lives here: one class for each benchmark, named after its question ({@link
 * io.latencystore.bench.InsertThroughput}, {@link io.latencystore.bench.RecordCost}, {@link
 * io.latencystore.bench.RecordTail}, {@link io.latencystore.bench.EndToEnd}, {@link
 * io.latencystore.bench.SummaryQuery}, {@link io.latencystore.bench.Retention}, {@link
 * io.latencystore.bench.Compaction}, {@link io.latencystore.bench.Growth}); what they measure with
 * ({@code Workload}, {@code Tape}, {@code Caller}, {@code RecordedStore}, {@code ScratchFile},
 * {@code WriteTimes}, {@code Figures}); the peers, plain SQL on the obvious table ({@code
 * ObviousTable}, {@code OrderByOffset}, {@code WindowFunction}) and a queue in front of it ({@code
 * RowQueue}, {@code TableWriter}); and {@link io.latencystore.bench.Machine}, which notes where
 * results come from.
 *
 * <p>May import: the API of {@code io.latencystore} and nothing behind it, JMH, and JDBC and queues
 * for the peers.
 *
 * <p>A benchmark never asserts time. It does check that everyone answers the same and that
 * everything inserted is there. Results are kept in {@code latency-bench/results}.
 *
 * <p>Start reading at {@link io.latencystore.bench.InsertThroughput}.
 */
@NullMarked
package io.latencystore.bench;

import org.jspecify.annotations.NullMarked;
