/**
 * The API: {@link io.latencystore.LatencyStore} keeps latency measurements and answers questions
 * about them.
 *
 * <p>What lives here: the store and its builder, recorders, the values that go in ({@link
 * io.latencystore.LatencyMeasurement}, {@link io.latencystore.Series}), the question ({@link
 * io.latencystore.LatencyQuery}), the answers ({@link io.latencystore.LatencySummary}) and the
 * errors.
 *
 * <p>May import: the JDK and JSpecify. The engine behind the API is found through {@link
 * io.latencystore.StoreProvider}.
 *
 * <p>Start reading at {@link io.latencystore.LatencyStore}.
 */
@NullMarked
package io.latencystore;

import org.jspecify.annotations.NullMarked;
